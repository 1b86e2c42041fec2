# Without a database there is a remedy, not an empty list.
$A --db none.db events
echo "-> $?"
$A --db none.db ingest no/such/path
echo "-> $?"
touch empty.json
$A --db some.db ingest empty.json
echo "-> $?"
