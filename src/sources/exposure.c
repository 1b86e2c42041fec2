/*
 * exposure: see exposure.h.
 */
#include "exposure.h"

bool ports_parse(str text, int32_t *from, int32_t *to)
{
    str rest = text, first = str_cut(&rest, '-');
    uint64_t low, high;

    if (!str_to_u64(first, &low))
        return false;
    high = low;
    if (!str_empty(rest) && !str_to_u64(rest, &high))
        return false;
    if (low > 65535 || high > 65535)
        return false;
    *from = (int32_t)low;
    *to = (int32_t)high;
    return true;
}

str exposure_words(const struct exposure *e, struct arena *a)
{
    str ports = STR_NONE;

    if (e->port_from >= 0)
        ports = e->port_from == e->port_to
                    ? str_print(a, " %d", (int)e->port_from)
                    : str_print(a, " %d-%d", (int)e->port_from, (int)e->port_to);
    return str_print(a, "%s%.*s%.*s %s %.*s", e->is_deny ? "deny " : "", STR_FMT(e->protocol),
                     STR_FMT(ports), e->is_egress ? "to" : "from", STR_FMT(e->range));
}
