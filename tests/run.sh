#!/bin/sh
# Runs everything that `make check` promises: unit tests, fuzz corpora, layers, golden files, rules, the program as a user meets it.
#   run.sh BUILD_DIR
# Ends in one plain line: N passed, N failed, N skipped.
set -u
B=$1
passed=0 failed=0 skipped=0
LC_ALL=C; export LC_ALL
unset AUDITPRESS_CONFIG AUDITPRESS_DB XDG_CONFIG_HOME XDG_STATE_HOME STATE_DIRECTORY 2>/dev/null
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# count NAME LOG: adds the "N passed, N failed[, N skipped]" line at the end of a log; without one the run failed once.
count() {
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$2" | tail -n 1)
    if [ -z "$line" ]; then
        echo "FAILED $1: ended without a result"; tail -n 5 "$2"; failed=$((failed + 1)); return
    fi
    p=${line%% passed*}; f=${line#*, }; f=${f%% failed*}
    case $line in *skipped) s=${line##*, }; s=${s%% skipped} ;; *) s=0 ;; esac
    passed=$((passed + p)); failed=$((failed + f)); skipped=$((skipped + s))
    [ "$f" = 0 ] || { echo "--- $1"; grep -vE '^[0-9]+ passed' "$2"; }
    [ "$s" = 0 ] || grep -i '^skipped' "$2"
}

for t in "$B"/tests/unit/*_test; do
    [ -x "$t" ] || continue
    "$t" >"$tmp/log" 2>&1
    count "${t##*/}" "$tmp/log"
done

for t in "$B"/tests/fuzz/*_fuzz; do
    [ -x "$t" ] || continue
    name=${t##*/}
    if "$t" tests/fuzz/corpus/"${name%_fuzz}"/* >"$tmp/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1)); echo "FAILED $name: its corpus"; tail -n 3 "$tmp/log"
    fi
done

for s in tests/layers.sh tests/golden/run.sh tests/cli/run.sh; do
    [ -f "$s" ] || continue
    sh "$s" "$B/auditpress" >"$tmp/log" 2>&1
    count "$s" "$tmp/log"
done

if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" = 0 ]
