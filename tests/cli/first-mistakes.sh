# What people do in the first half hour is answered with what to do, not with an empty list or an old answer.
try() {
    echo "\$ $*"
    $A --db "$D" "$@"
    echo "-> $?"
}
try events --env produ
try query run prv-root-use --env nowhere
try resources --env nowhere
try report montly --period 2026-10 --env prod
try report monthly --period 2026-10 --env prod --actor 'ann*'
try query show nothing-alike
try help ingset
try -x
try --color sometimes version
try verify --rules bundle
echo '{"environments": [{"name": "prod"}], "environment_map": [{"environment": "prod", "path": "*"}]}' >other.json
try --config other.json environments
echo '{"a": 1}' >unknown.json
$A --db new.db init --out starter.json unknown.json
$A --db new.db --config starter.json ingest unknown.json
$A --db new.db --config starter.json environments
$A --db "$D" events 2>&1 | head -n 1 | cut -c1-4
