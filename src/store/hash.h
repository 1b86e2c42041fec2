/*
 * hash: the 64-bit hash that stands in the database (dictionary lookups, event marks). Stable
 * across machines and versions of this program. Not for evidence: who wants two texts with one hash
 * can make them, so whoever finds by hash compares the bytes.
 */
#ifndef STORE_HASH_H
#define STORE_HASH_H

#include "base/str.h"

static inline uint64_t hash_mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ (h >> 33);
}

static inline uint64_t hash_add(uint64_t h, uint64_t more)
{
    h ^= more * UINT64_C(0x9e3779b97f4a7c15);
    h = (h << 29) | (h >> 35);
    return h * UINT64_C(0xd6e8feb86659fd93) + UINT64_C(0x2545f4914f6cdd1d);
}

/* Little-endian on every machine; compilers make one load of it. */
static inline uint64_t hash_word(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static inline uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t h = hash_add(seed, n), tail = 0;

    for (; n >= 8; n -= 8, p += 8)
        h = hash_add(h, hash_word(p));
    for (size_t i = 0; i < n; i++)
        tail |= (uint64_t)p[i] << (8 * i);
    return hash_mix(hash_add(h, tail));
}

#endif
