# Every query and every framework that is listed can be shown.
$A query list >list; sed 1d list | while read -r name rest; do
    $A query show "$name" >shown && grep -q "^id  *$name\$" shown || echo "query $name: status $?"
done
$A query show prv-root-use | grep '^evidence for SOC2'
$A frameworks >list; sed 1d list | while read -r name rest; do
    $A frameworks "$name" >shown && grep -q '^Not evidenced' shown || echo "framework $name: status $?"
done
$A frameworks soc2 | sed -n 1,5p
