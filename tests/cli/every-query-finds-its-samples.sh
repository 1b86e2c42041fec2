# Each query finds what its samples say it must find, and nothing in those where nothing must be found.
$A verify --rules >rules.log 2>&1
echo "-> $?"
sed '$s/^[0-9]* queries, [0-9]* cases/all queries, all cases/' rules.log
