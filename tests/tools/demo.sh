#!/bin/sh
# The demonstration: reads samples/ and writes the reports of two months and of a date range that crosses a quarter, for each of
# three environments. The time of generation is fixed, so that every run on every machine gives the same SHA256SUMS.
#   demo.sh PROGRAM OUT_DIR
set -eu
program=$1 out=$2
generated=2026-11-02T06:00:00Z

rm -rf "$out"
mkdir -p "$out"
run() { "$program" --config samples/auditpress.json --db "$out/demo.db" "$@"; }

echo "reading samples/ (the exports of Halden Freight, an invented company; samples/README.md tells its story)"
run ingest samples/aws-cloudtrail samples/gcp-audit samples/git-log samples/github-audit samples/github-delivery \
    samples/hcp-terraform samples/terraform-plan samples/terraform-state samples/terraform-ui-log
echo
for month in 2026-09 2026-10; do
    run --quiet report monthly --period "$month" --all-envs --out "$out" --generated-at "$generated"
done
run --quiet report request --from 2026-09-15 --to 2026-10-15 --all-envs --out "$out" --generated-at "$generated"

for bundle in "$out"/*-*/; do
    (cd "$bundle" && sha256sum --check --quiet SHA256SUMS)
done
cat <<EOF

The reports are in $out, a folder each; sha256sum found every file as listed. To look at them:
  PDF        xdg-open $out/monthly-prod-2026-10/*.pdf      (or pdftotext, pdftoppm)
  workbook   xdg-open $out/monthly-prod-2026-10/*.xlsx
  terminal   $program --config samples/auditpress.json --db $out/demo.db query run --all --period 2026-10 --env prod
EOF
