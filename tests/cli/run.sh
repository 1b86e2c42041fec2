#!/bin/sh
# The program as a user meets it. Each <name>.sh runs in an empty folder with $A (the program), $S (samples/) and $T (the source tree);
# what it prints, with its exit status, must be <name>.out.
#   run.sh PROGRAM [--write]
cd "$(dirname "$0")/../.." || exit 1
T=$PWD A=$(cd "$(dirname "$1")" && pwd)/${1##*/} S=$PWD/samples
export T A S
LC_ALL=C TZ=UTC; export LC_ALL TZ
passed=0 failed=0 skipped=0
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT

# The sample company, read once for all tests that only look: $D.
D=$top/samples.db; export D
"$A" --config samples/auditpress.json --db "$D" --quiet ingest samples/aws-cloudtrail samples/gcp-audit samples/git-log \
    samples/github-audit samples/github-delivery samples/hcp-terraform samples/terraform-plan samples/terraform-state \
    samples/terraform-ui-log >"$top/ingest.log" 2>&1 || { echo "FAILED reading samples/"; cat "$top/ingest.log"; }

for script in tests/cli/*.sh; do
    name=${script##*/}; name=${name%.sh}
    [ "$name" != run ] || continue
    mkdir "$top/$name" && cd "$top/$name" || exit 1
    HOME=$PWD XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=$PWD/config sh "$T/tests/cli/$name.sh" >"$top/$name.out" 2>&1
    echo "status $?" >>"$top/$name.out"
    cd "$T" || exit 1
    if grep -q '^SKIP ' "$top/$name.out"; then
        skipped=$((skipped + 1)); echo "skipped $name: $(sed -n 's/^SKIP //p' "$top/$name.out")"
    elif [ "${2-}" = --write ]; then
        cp "$top/$name.out" "tests/cli/$name.out"
    elif cmp -s "$top/$name.out" "tests/cli/$name.out"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1)); echo "FAILED $name"; diff "tests/cli/$name.out" "$top/$name.out" | head -n 20
    fi
done
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" = 0 ]
