#!/bin/bash
# Repairs a PostgreSQL whose files are damaged: repair-postgres-pages.sh [latest-verified|NAME|TIME]
#
# All pages are compared with their checksums, so that everybody knows what is damaged. Where any is, nothing of
# that data directory is trusted: base backup and streamed log make another one, with everything up to the end.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE POSTGRES_DATA_DIR WAL_DIR
(($# <= 1)) || usage "repair-postgres-pages.sh [latest-verified|NAME|TIME]"
postgres=${POSTGRES_SERVICE:-postgres}

# check_pages DIR runs on PostgreSQL's host. It prints a line for each page whose checksum is wrong.
check_pages() {
  local found status=0
  found=$(pg_checksums --check --pgdata "$1" 2>&1) || status=$?
  grep 'checksum verification failed' <<< "$found" || ((status == 0)) ||
    fail "the pages cannot be checked: $found" "restore-postgres-pitr.sh restores them unseen"
}

step "ask for checksum failures" 15
echo "the server has met $(sql_once --command 'SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database' || echo 'an unknown number of') wrong pages"

step "choose the base backup" 600
choose_backup postgres-base "${1:-latest-verified}"
read -r from start < <(manifest_value '"\(.startSegment) \(.startLsn)"')

step "check the streamed log" 3600
# What cannot be restored is not taken down.
survey_log "$from" "$start" end

step "stop the server" 90
# It ends well, so that the receiver has everything and the files are at rest.
service stop "$postgres"

step "check all pages" 3600
damaged=$(on_host "${POSTGRES_HOST_EXEC-}" check_pages "$POSTGRES_DATA_DIR" < /dev/null)
if [[ -z $damaged ]]; then
  service start "$postgres"
  fail "all pages have the right checksum" "nothing is restored, and the server is started again: look for another cause"
fi
echo "$damaged"
fact damaged_pages "$(wc --lines <<< "$damaged")"

clean_up
exec "$(dirname "$0")/restore-postgres-pitr.sh" "${CHOSEN##*/}"
