# A wrong word is answered with the nearest right one, on standard error, with status 2.
for words in "ingset x" "ingest --sorce x ." "ingest" "report monthly" "report monthly --period 2026-13 --env prod" "query show net-open-ingres" \
    "events --period T-3m" "events --verb destroy" "events --from 2026-01-01" "nonsense" "ingest --threads 0 x" "ingest --source cloudtrail x"; do
    $A --db x.db $words
    echo "-> $?"
done
for words in "query run --all --env prd" "query run --all --family ch" "query list --tier 9" \
    "report monthly --period 2026-10 --env stagin" "resources --env staging,prood"; do
    $A --config "$S/auditpress.json" --db "$D" --quiet $words
    echo "-> $?"
done
