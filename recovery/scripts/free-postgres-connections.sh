#!/bin/bash
# Gives PostgreSQL's clients their connections back when one role's idle sessions have taken them: finds whose they
# are, limits that role so that they do not come back, and ends its idle sessions. Nobody else's is touched.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
limit=${ROLE_CONNECTION_LIMIT:-10}

# get_in is sql that tries again when it gets no connection. The slots that superusers have are used for an
# instant by every client that signs in to be refused.
get_in() {
  local status deadline=$((SECONDS + 10))
  for ((;;)); do
    status=0
    sql "$@" || status=$?
    ((status == 2 && SECONDS < deadline)) || return "$status"
    sleep 0.05
  done
}

# idle_sessions is the SQL of the sessions that do nothing and whose role can be limited.
idle_sessions="FROM pg_stat_activity JOIN pg_roles ON rolname = usename
  WHERE backend_type = 'client backend' AND state = 'idle' AND NOT rolsuper"

# ordinary_slots is the SQL of how many sessions clients may have that are no superusers.
ordinary_slots="current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - current_setting('reserved_connections')::int"

step "diagnose the server" 30
found=$(get_in --field-separator ' ' --command "SELECT count(*), $ordinary_slots, (SELECT count(*) FROM pg_locks WHERE NOT granted)
  FROM pg_stat_activity WHERE backend_type = 'client backend'") ||
  fail "no session for a superuser either" "see the message above; restart-postgres.sh when the server is down"
read -r sessions slots waiting <<< "$found"
fact sessions "$sessions"
fact slots "$slots"
fact waiting_locks "$waiting"

step "find whose idle sessions fill the slots" 30
found=$(get_in --field-separator ' ' --command "SELECT count(*), usename $idle_sessions GROUP BY usename ORDER BY count(*) DESC LIMIT 1")
read -r idle role <<< "$found"
((${idle:-0} * 2 > slots)) ||
  fail "no role's idle sessions take more than half of the $slots slots" "look at pg_stat_activity: the sessions that fill them are at work, or of many roles"
echo "$role has $idle idle sessions"
fact role "$role"

step "limit the role" 30
# First the limit, or its clients are back before the last of their sessions is gone.
get_in --set role="$role" --set limit="$limit" << 'SQL'
SELECT rolconnlimit BETWEEN 0 AND :limit AS is_limited FROM pg_roles WHERE rolname = :'role' \gset
\if :is_limited
\else
  ALTER ROLE :"role" CONNECTION LIMIT :limit;
\endif
SQL

step "end the role's idle sessions" 60
ended=$(get_in --set role="$role" <<< "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) $idle_sessions AND usename = :'role'")
fact ended_sessions "$ended"

step "check that clients get in" 30
has_free_slots() {
  [[ $(sql_once --command "SELECT count(*) < $ordinary_slots FROM pg_stat_activity WHERE backend_type = 'client backend'") == t ]]
}
wait_until 25 has_free_slots ||
  fail "the slots are full again" "look at pg_stat_activity: another role's sessions take them now"
