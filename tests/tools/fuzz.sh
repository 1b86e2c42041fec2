#!/bin/sh
# Builds each fuzz target with libFuzzer and the sanitizers and runs it; what it finds new joins the corpus.
#   fuzz.sh SECONDS_PER_TARGET
set -eu
cd "$(dirname "$0")/../.."
command -v clang >/dev/null || { echo "fuzzing needs clang and libclang-rt-dev (libFuzzer)" >&2; exit 1; }
B=build/fuzz
make --no-print-directory -j2 B=$B CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
    $B/libauditpress.a
for source in tests/fuzz/*_fuzz.c; do
    name=${source##*/}; name=${name%.c}
    make --no-print-directory B=$B CC=clang FUZZ_LIBS=-fsanitize=fuzzer \
        CFLAGS="-O1 -g -DLIBFUZZER -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" "$B/tests/fuzz/$name"
    mkdir -p "tests/fuzz/corpus/${name%_fuzz}" "$B/found/$name"
    "$B/tests/fuzz/$name" -max_total_time="$1" -max_len=65536 -artifact_prefix="$B/found/$name/" "$B/found/$name" \
        "tests/fuzz/corpus/${name%_fuzz}"
done
