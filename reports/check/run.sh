#!/bin/bash
# Opens reports in a browser and holds what it sees against axe-core's rules: a sample with every verdict, or
# those that are named. What is missing of Node.js and Chromium is installed on Debian as root.
set -euo pipefail
reports=()
for report; do reports+=("$(realpath "$report")"); done
cd "$(dirname "$0")"

missing=()
command -v node > /dev/null || missing+=(nodejs)
command -v npm > /dev/null || missing+=(npm)
browser=${BROWSER:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[[ -n $browser ]] || missing+=(chromium)
if ((${#missing[@]})); then
  if ! command -v apt-get > /dev/null || ((EUID != 0)); then
    echo "report-check: missing: ${missing[*]}: install them, or name a browser with BROWSER" >&2
    exit 1
  fi
  echo "report-check: installing ${missing[*]} from Debian's packages"
  apt-get update --quiet=2
  DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" > /dev/null
fi
[[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --no-audit --no-fund --loglevel=error

if ((${#reports[@]} == 0)); then
  sample=$(mktemp -d)
  trap 'rm -rf "$sample"' EXIT
  (cd ../.. && go test ./reports -run Sample -sample "$sample" > /dev/null)
  reports=("$sample/report.html")
fi
BROWSER=${browser:-$(command -v chromium)} node check.mjs "${reports[@]}"
