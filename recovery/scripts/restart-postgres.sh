#!/bin/bash
# Brings PostgreSQL back after its processes died: starts it, lets it recover from its log, and checks that
# it takes writes and still has the tables.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
postgres=${POSTGRES_SERVICE:-postgres}
readonly TABLES="agents runs memory_vectors audit_logs"

# state prints what the server says of itself: accepting, rejecting (it starts up, or recovers), or silent.
state() {
  local status=0
  timeout 3 pg_isready --quiet || status=$?
  case $status in
    0) echo accepting ;;
    1) echo rejecting ;;
    *) echo silent ;;
  esac
}

is_listening() {
  [[ $(state) != silent ]]
}

step "diagnose the server" 15
state=$(state)
active=no
if is_active "$postgres"; then active=yes; fi
echo "server: $state, service active: $active"

step "start the server" 90
# A server that rejects connections is recovering and must not be disturbed; a silent one in an active
# service may have been started by a supervisor just now.
if [[ $active == no ]]; then
  service start "$postgres"
elif [[ $state == silent ]] && ! wait_until 3 is_listening; then
  service restart "$postgres"
fi

step "wait until the server accepts writes" 300
wait_until 290 accepts_writes ||
  fail "the server does not accept writes" "read its log: a full disk and a damaged data directory both show there; restore-postgres.sh is the way back from the latter"

step "verify the tables" 15
missing=$(sql --set tables="$TABLES" <<< "SELECT t FROM string_to_table(:'tables', ' ') AS t WHERE to_regclass('public.' || t) IS NULL")
[[ -z $missing ]] || fail "no table ${missing//$'\n'/, }: this server has lost its data" "run restore-postgres.sh latest"
