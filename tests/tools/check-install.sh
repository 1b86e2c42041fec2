#!/bin/sh
# Installs into a private root, runs a month from there with nothing of the source tree, uninstalls, and finds nothing left behind.
#   check-install.sh BUILD_DIR
set -eu
cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make --no-print-directory B="$1" PREFIX=/usr DESTDIR="$root/to" install >/dev/null
cp -R samples "$root/exports"
(
    cd "$root"
    to/usr/bin/auditpress --config exports/auditpress.json --db x.db --quiet ingest exports/aws-cloudtrail
    to/usr/bin/auditpress --config exports/auditpress.json --db x.db --quiet report monthly --period 2026-10 --env prod --out out
    (cd out/monthly-prod-2026-10 && sha256sum --check --quiet SHA256SUMS)
)
make --no-print-directory B="$1" PREFIX=/usr DESTDIR="$root/to" uninstall >/dev/null
left=$(find "$root/to" -type f)
if [ -n "$left" ]; then echo "left behind: $left"; echo "0 passed, 1 failed"; exit 1; fi
echo "1 passed, 0 failed"
