/*
 * dataset: one digest for what a report was made from: every event of the period and environment in
 * the order of time, with its id, the hash of its content and, where it is kept, the digest of its
 * record. No integer id goes in, so the digest is the same on every machine and for any order of
 * ingest.
 */
#include "store/internal.h"

static void put_u64(unsigned char *out, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (56 - 8 * i));
}

bool store_dataset_digest(struct store *st, int64_t from_key, int64_t until_key, str environment,
                          struct sha256 *out, uint64_t *events, struct err *err)
{
    struct sql q = sql_begin(
        st, "SELECT e.id >> 30, e.eid, e.mark, e.is_fact, m.sha256 FROM event_row AS e "
            "JOIN scope AS s ON s.id = e.scope LEFT JOIN more AS m ON m.event = e.id "
            "WHERE e.id >= ?1 AND e.id < ?2 AND (?3 IS NULL OR s.environment = ?3) ORDER BY e.id");
    struct sha256_run *run = sha256_begin();
    bool has_row;

    sql_int(&q, from_key);
    sql_int(&q, until_key);
    sql_text(&q, environment);
    for (*events = 0;;) {
        unsigned char head[8 + EID_SIZE + 8 + 2] = {0};
        str eid, sha;

        if (!sql_row(&q, &has_row, err)) {
            sha256_drop(run);
            return false;
        }
        if (!has_row)
            break;
        eid = sql_blob_at(&q, 1);
        sha = sql_blob_at(&q, 4);
        put_u64(head, (uint64_t)sql_int_at(&q, 0));
        memcpy(head + 8, eid.ptr, eid.len < EID_SIZE ? eid.len : EID_SIZE);
        put_u64(head + 8 + EID_SIZE, (uint64_t)sql_int_at(&q, 2));
        head[16 + EID_SIZE] = (unsigned char)sql_int_at(&q, 3);
        head[17 + EID_SIZE] = sha.len == SHA256_SIZE;
        sha256_more(run, (str){(const char *)head, sizeof head});
        sha256_more(run, sha);
        *events += sql_int_at(&q, 3) == 0;
    }
    *out = sha256_end(run);
    return true;
}
