#!/bin/bash
# Ends the forgotten transaction that others wait for: the one that blocks and is not blocked itself. Those that
# wait for it, and in their turn block others, go on once it is gone.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE

# long_waits prints how many locks have been waited for longer than sessions usually keep one another waiting.
long_waits() {
  "$1" --command "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '500 ms'"
}

someone_waits() {
  (($(long_waits sql_once || echo 0) > 0))
}

nobody_waits() {
  [[ $(long_waits sql_once) == 0 ]]
}

step "diagnose the server" 30
sessions=$(sql --command "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
fact sessions "$sessions"
wait_until 5 someone_waits ||
  fail "nobody waits for a lock" "the service is slow or down for another reason: run restart-postgres.sh when the server does not answer"
waiting=$(sql --command 'SELECT count(*) FROM pg_locks WHERE NOT granted')
fact waiting_locks "$waiting"

step "find the blocker" 30
# A process of 0 is a prepared transaction: it has no session that could be ended.
roots=$(sql --field-separator $'\t' << 'SQL'
WITH waiting AS MATERIALIZED (SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_locks WHERE NOT granted),
  root AS (SELECT DISTINCT unnest(blockers) AS pid FROM waiting EXCEPT SELECT pid FROM waiting)
SELECT pid, backend_start, usename, state LIKE 'idle in transaction%', coalesce(state, 'prepared'),
  date_trunc('second', clock_timestamp() - xact_start), translate(left(query, 100), E'\n\t', '  ')
FROM root LEFT JOIN pg_stat_activity USING (pid);
SQL
)
forgotten=()
while IFS=$'\t' read -r pid start role idle state age query; do
  [[ -n $pid ]] || continue
  echo "process $pid ($role, $state) for $age: $query"
  if [[ $idle == t ]]; then forgotten+=("$pid $start"); fi
done <<< "$roots"
((${#forgotten[@]})) ||
  fail "no forgotten transaction blocks the others" "the blocker is at work, or prepared: let it finish, cancel it with pg_cancel_backend, or ROLLBACK PREPARED"

step "end the blocker" 30
for blocker in "${forgotten[@]}"; do
  # By its start too: its process number may be somebody else's by now.
  ended=$(sql --set pid="${blocker%% *}" --set start="${blocker#* }" \
    <<< "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = :pid AND backend_start = :'start'")
  [[ $ended != f ]] || fail "process ${blocker%% *} does not end" "see the server's log"
  fact ended_process "${blocker%% *}"
done

step "wait until nobody waits" 60
wait_until 50 nobody_waits || fail "locks are still waited for" "run this again: another transaction blocks now"
wait_until 5 accepts_writes || fail "$PGDATABASE does not accept writes" "see the server's log"
