# The same exports read at once, and one by one from the last to the first with one of them twice: every query answers the same.
c="--config $S/auditpress.json --quiet"
find "$S"/aws-cloudtrail "$S"/gcp-audit "$S"/git-log "$S"/github-audit "$S"/github-delivery "$S"/hcp-terraform "$S"/terraform-plan \
    "$S"/terraform-state "$S"/terraform-ui-log -type f | sort >files
$A $c --db forth.db ingest $(cat files) >/dev/null || echo "failed"
sort -r files | while read -r file; do $A $c --db back.db ingest "$file" >/dev/null || echo "failed: $file"; done
$A $c --db back.db ingest "$(head -n 1 files)" >/dev/null || echo "failed"
for period in 2026-08 2026-09 2026-10; do
    for env in prod staging dev unmapped; do
        $A $c --db forth.db --json query run --all --period $period --env $env >forth.json
        echo "-> $? $(wc -l <forth.json) $period $env"
        $A $c --db back.db --json query run --all --period $period --env $env >back.json
        cmp forth.json back.json
    done
done
