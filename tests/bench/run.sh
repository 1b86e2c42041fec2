#!/bin/sh
# Events per second and peak memory of the ingest of generated CloudTrail files, next to `gunzip -c` of the same files.
#   run.sh BUILD_DIR
# BENCH_EVENTS (default 1000000), BENCH_THREADS (default: one per core), BENCH_DIR (default BUILD_DIR/bench: kept for the next run).
set -eu
B=$1
events=${BENCH_EVENTS:-1000000}
dir=${BENCH_DIR:-$B/bench}
files=$dir/cloudtrail-$events
db=$dir/bench.db
LC_ALL=C
export LC_ALL

# seconds COMMAND...: runs it and leaves wall seconds in $took, CPU seconds in $cpu, peak megabytes in $peak.
seconds() {
    python3 - "$dir/took" "$@" <<'PY'
import resource, subprocess, sys, time
t = time.monotonic()
code = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
took = time.monotonic() - t
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as f:
    f.write("%.3f %.3f %d\n" % (took, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024))
sys.exit(code)
PY
    read -r took cpu peak <"$dir/took"
}

mkdir -p "$dir"
if [ ! -f "$files.complete" ]; then
    rm -rf "$files"
    "$B/tests/bench/generate" --events "$events" --out "$files"
    touch "$files.complete"
fi
stored=$(cat "$files"/*.gz | wc -c)
count=$(find "$files" -name '*.gz' | wc -l)
echo "$events CloudTrail events in $count gzip files, $((stored / 1000000)) MB; $(nproc) cores"

seconds sh -c 'cat "$1"/*.gz | gunzip -c' sh "$files"
gunzip_took=$took
printf '%-28s %8.2f s %8.2f s CPU\n' 'gunzip -c' "$took" "$cpu"

rm -f "$db" "$db"-journal
seconds "$B/auditpress" --db "$db" ingest ${BENCH_THREADS:+--threads "$BENCH_THREADS"} "$files"
size=$(wc -c <"$db")
awk -v e="$events" -v t="$took" -v c="$cpu" -v p="$peak" -v g="$gunzip_took" -v s="$size" 'BEGIN {
    printf "%-28s %8.2f s %8.2f s CPU  %d events/s  peak %d MB  %.2f x gunzip  %.0f bytes/event\n",
           "ingest", t, c, e / t, p, t / g, s / e }'

first=$took
seconds "$B/auditpress" --db "$db" ingest ${BENCH_THREADS:+--threads "$BENCH_THREADS"} "$files"
awk -v t="$took" -v f="$first" -v p="$peak" 'BEGIN {
    printf "%-28s %8.2f s  %.2f x the first  peak %d MB\n", "the same files again", t, t / f, p }'
rm -f "$db" "$db"-journal
