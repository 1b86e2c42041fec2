/*
 * digest: SHA-256 (libcrypto), the only hash that evidence rests on.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/arena.h"

#define SHA256_SIZE 32

struct sha256 {
    uint8_t bytes[SHA256_SIZE];
};

struct sha256 sha256_of(str data);
str sha256_hex(const struct sha256 *d, struct arena *a); /* 64 lower-case digits */
str hex_of(const void *bytes, size_t n, struct arena *a);
bool sha256_from_hex(str hex, struct sha256 *out);

/* Running digest; end exactly once, or drop. */
struct sha256_run;
struct sha256_run *sha256_begin(void);
void sha256_more(struct sha256_run *run, str data);
struct sha256 sha256_end(struct sha256_run *run); /* frees the run */
void sha256_drop(struct sha256_run *run);

#endif
