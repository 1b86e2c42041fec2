#!/bin/sh
# Every sample becomes the rows in tests/golden/<source>/<sample>.tsv: each file below samples/<source>/ is ingested alone into a
# fresh database, its events and resources are listed and projected to columns that do not depend on paths or versions.
#   run.sh PROGRAM            compares; a sample without golden rows fails, so do golden rows without a sample
#   run.sh PROGRAM --write    rewrites the golden rows: read the difference like code
set -u
A=$1
mode=${2-compare}
LC_ALL=C; export LC_ALL
here=$(dirname "$0")
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

# samples SOURCE/FILE, one a line; registers are configuration, not exports
samples() {
    find samples -mindepth 2 -type f ! -path 'samples/registers/*' | sed 's|^samples/||' | sort
}

for s in $(samples); do
    mkdir -p "$tmp/${s%/*}"
    "$A" --db "$tmp/db" --quiet ingest "samples/$s" >"$tmp/$s.log" 2>&1
    case $? in 0|3) ;; *) sed 's/^/    /' "$tmp/$s.log"; echo "FAILED $s: cannot be ingested"; failed=$((failed + 1)) ;; esac
    "$A" --db "$tmp/db" --quiet events --format jsonl >"$tmp/$s.events"
    "$A" --db "$tmp/db" --quiet resources --format jsonl >"$tmp/$s.resources"
    rm -f "$tmp"/db*
done

(cd "$tmp" && samples_here=$(find . -name '*.events' | sort) && python3 - $samples_here) <"$here/project.py" || exit 1

for s in $(samples); do
    golden=$here/$s.tsv
    if [ "$mode" = --write ]; then
        mkdir -p "${golden%/*}"
        cp "$tmp/$s.tsv" "$golden"
    elif [ ! -f "$golden" ]; then
        echo "FAILED $s: no golden rows; run 'make golden' and read them"
        failed=$((failed + 1))
        continue
    elif ! diff -u "$golden" "$tmp/$s.tsv" >"$tmp/diff"; then
        echo "FAILED $s"
        head -n 20 "$tmp/diff"
        failed=$((failed + 1))
        continue
    fi
    passed=$((passed + 1))
done

for golden in $(find "$here" -name '*.tsv' | sort); do
    s=${golden#"$here"/}
    [ -f "samples/${s%.tsv}" ] && continue
    if [ "$mode" = --write ]; then
        rm "$golden"
    else
        echo "FAILED $s: its sample is gone"
        failed=$((failed + 1))
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
