#!/bin/sh
# Installs what building and testing needs, with apt, when root or sudo allows it; else prints the exact command.
#   deps.sh           install what is missing
#   deps.sh --print   only print the command
set -eu

packages="build-essential pkg-config libsqlite3-dev libjansson-dev libxlsxwriter-dev libhpdf-dev libharfbuzz-dev
libssl-dev zlib1g-dev libdeflate-dev fonts-liberation2 fonts-dejavu-core fonts-droid-fallback fonts-nanum
poppler-utils qpdf python3 python3-openpyxl tzdata sqlite3"

missing=
for p in $packages; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "${1-}" = --print ]; then
    echo "auditpress: libraries are missing; install them with:" >&2
    echo "  sudo apt-get install -y$missing" >&2
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "auditpress: this machine has no apt; needed (Debian names):$missing" >&2
    exit 1
fi
run=
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        run=sudo
    else
        echo "auditpress: not allowed to install packages here; run this, then try again:" >&2
        echo "  sudo apt-get install -y$missing" >&2
        exit 1
    fi
fi
echo "installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run apt-get install -y -qq --no-install-recommends $missing >/dev/null
