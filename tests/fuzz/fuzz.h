/*
 * fuzz: a fuzz target is a file <name>_fuzz.c with LLVMFuzzerTestOneInput, which aborts when
 * something is wrong. Built with -fsanitize=fuzzer -DLIBFUZZER it is libFuzzer's; built without,
 * this header gives it a main that replays the files and folders named as arguments, so that every
 * input that ever broke something stays a test. `-mutate N` also tries N mangled copies of each,
 * made by a fixed rule.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The place and the reason, then the end: libFuzzer keeps the input, a replay has printed its name.
 */
#define FUZZ_CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not true: %s: ", __FILE__, __LINE__, #condition);              \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fputc('\n', stderr);                                                                   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#if !defined(LIBFUZZER) && !defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)

static uint64_t fuzz_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A copy of exactly its size, so that a sanitizer sees the first byte read too many. */
static void fuzz_one(const uint8_t *data, size_t size)
{
    uint8_t *copy = xmalloc(size);

    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void fuzz_mangle(uint8_t *data, size_t *size, uint64_t *state)
{
    static const char bytes[] = "{}[]\",:\\ \nu0-1e.tfn\x80\xc3\xff\x01";
    uint64_t rounds = 1 + fuzz_random(state) % 4;

    for (uint64_t i = 0; i < rounds && *size; i++) {
        size_t at = (size_t)(fuzz_random(state) % *size);
        size_t n = (size_t)(fuzz_random(state) % 16);

        switch (fuzz_random(state) % 4) {
        case 0:
            data[at] = (uint8_t)bytes[fuzz_random(state) % (sizeof bytes - 1)];
            break;
        case 1: /* take some out */
            n = n > *size - at ? *size - at : n;
            memmove(data + at, data + at + n, *size - at - n);
            *size -= n;
            break;
        case 2: /* cut short */
            *size = at;
            break;
        case 3: /* copy over */
            n = n > *size - at ? *size - at : n;
            memmove(data + at, data + fuzz_random(state) % (*size - n + 1), n);
            break;
        }
    }
}

static void fuzz_file(const char *path, long mutations)
{
    struct arena a = {0};
    struct err err = {0};
    str bytes;

    if (!file_read(&a, path, 0, &bytes, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    fuzz_one((const uint8_t *)bytes.ptr, bytes.len);
    for (long i = 0; i < mutations; i++) {
        uint64_t state = (uint64_t)i * 0x9E3779B97F4A7C15u + bytes.len + 1;
        uint8_t *data = xmalloc(bytes.len + 1);
        size_t size = bytes.len;

        if (size)
            memcpy(data, bytes.ptr, size);
        fuzz_mangle(data, &size, &state);
        fuzz_one(data, size);
        free(data);
    }
    arena_free(&a);
}

int main(int argc, char **argv)
{
    unsigned passed = 0;
    long mutations = 0;

    for (int i = 1; i < argc; i++) {
        struct path_list files = {(const char *[]){argv[i]}, 1};
        struct arena a = {0};
        struct err err = {0};

        if (strcmp(argv[i], "-mutate") == 0 && i + 1 < argc) {
            mutations = strtol(argv[++i], NULL, 10);
            continue;
        }
        if (dir_exists(argv[i]) && !dir_list(&a, argv[i], &files, &err)) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        for (size_t f = 0; f < files.count; f++) {
            fprintf(stderr, "%s\n", files.paths[f]);
            fuzz_file(files.paths[f], mutations);
            passed++;
        }
        arena_free(&a);
    }
    printf("%u passed, 0 failed\n", passed);
    return 0;
}

#endif
#endif
