# Each problem planted in samples/ (samples/README.md) is found by the query meant for it, and nothing else is critical.
found() {
    echo "# $1 $2 $3"
    $A --config "$S/auditpress.json" --db "$D" --quiet query run "$1" --period "$2" --env "$3" --format csv
}
found apr-unapproved-run 2026-10 prod
found apr-self-approved 2026-09 prod
found drf-managed-touched 2026-10 prod
found net-open-ingress 2026-09 prod
found cov-gap 2026-10 prod
found prv-root-use 2026-10 prod
found aut-no-mfa 2026-10 prod
found log-audit-disabled 2026-09 staging
found iam-admin-grant 2026-10 staging
found iam-external-grant 2026-10 prod
found aut-failed-logins 2026-10 staging
found aut-denied 2026-10 prod
found iac-state-manual-write 2026-10 prod
found ops-failed-changes 2026-09 prod
found ops-failed-changes 2026-10 staging
found chg-trace-broken 2026-10 prod
found ano-first-seen-actor 2026-10 prod
found cov-missing-source 2026-10 unmapped
found cov-missing-source 2026-10 staging
found cov-record-quality 2026-09 staging

echo "# critical, all three months"
for query in $($A --json query list | sed -n 's/^{"query":"\([^"]*\)","severity":"critical".*/\1/p'); do
    for env in prod staging dev unmapped; do
        $A --config "$S/auditpress.json" --db "$D" --quiet query run "$query" --env "$env" --format csv | cut -c1-120
    done
done
