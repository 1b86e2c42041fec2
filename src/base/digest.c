/*
 * digest: libcrypto's SHA-256 behind four functions. Its failures (no memory, no provider) cannot
 * be answered by a caller and end the program.
 */
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"

struct sha256_run {
    EVP_MD_CTX *ctx;
};

static void need(int is_ok)
{
    if (is_ok != 1) {
        fputs("auditpress: libcrypto cannot compute SHA-256\n", stderr);
        exit(6);
    }
}

struct sha256 sha256_of(str data)
{
    struct sha256 d;

    /* The one-shot call of the low-level interface has no set-up cost, which matters per record. */
    need(SHA256((const unsigned char *)(data.ptr ? data.ptr : ""), data.len, d.bytes) != NULL);
    return d;
}

struct sha256_run *sha256_begin(void)
{
    struct sha256_run *run = xmalloc(sizeof *run);

    run->ctx = EVP_MD_CTX_new();
    need(run->ctx != NULL);
    need(EVP_DigestInit_ex(run->ctx, EVP_sha256(), NULL));
    return run;
}

void sha256_more(struct sha256_run *run, str data)
{
    if (data.len)
        need(EVP_DigestUpdate(run->ctx, data.ptr, data.len));
}

struct sha256 sha256_end(struct sha256_run *run)
{
    struct sha256 d;

    need(EVP_DigestFinal_ex(run->ctx, d.bytes, NULL));
    sha256_drop(run);
    return d;
}

void sha256_drop(struct sha256_run *run)
{
    if (!run)
        return;
    EVP_MD_CTX_free(run->ctx);
    free(run);
}

str hex_of(const void *bytes, size_t n, struct arena *a)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    char *out = arena_new(a, char, n * 2 + 1);

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    return (str){out, n * 2};
}

str sha256_hex(const struct sha256 *d, struct arena *a)
{
    return hex_of(d->bytes, sizeof d->bytes, a);
}

bool sha256_from_hex(str hex, struct sha256 *out)
{
    if (hex.len != 2 * SHA256_SIZE)
        return false;
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        int high = ascii_hex(hex.ptr[2 * i]), low = ascii_hex(hex.ptr[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
