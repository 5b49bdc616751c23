#!/bin/bash
# Does what a supervisor does about dead workers: starts them, and sees that the queue hands their runs on.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE API_URL
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"
# A run that is worked on changes at every step. One that has not for so many seconds is left behind.
readonly STALE=3

workers_are_active() {
  local active
  active=$(api GET /metrics 2> /dev/null | sed -n 's/^cogitator_workers_active //p') || return 1
  [[ $active == "${#workers[@]}" ]]
}

# left_behind prints how many runs nobody works on, of those that were running when this script began and since.
left_behind() {
  sql_once --command "SELECT count(*) FROM runs WHERE status = 'running' AND updated_at < greatest('$began', now() - interval '$STALE seconds')"
}

none_left_behind() {
  [[ $(left_behind) == 0 ]]
}

step "find the dead workers" 10
dead=()
for worker in "${workers[@]}"; do
  is_active "$worker" || dead+=("$worker")
done
echo "${#workers[@]} workers, not active: ${dead[*]:-none}"
began=$(sql --command 'SELECT now()')

step "start the dead workers" 30
for worker in "${dead[@]}"; do
  service start "$worker"
done

step "wait until all workers have joined" 40
wait_until 35 workers_are_active ||
  fail "cogitator_workers_active at $API_URL is not ${#workers[@]}" "read the logs of ${dead[*]:-the workers}; one that is active and has not joined may be frozen: restart it"

# With locks of 30 s and a check every 30 s, which are BullMQ's own settings, this takes a minute and more.
step "wait until no run is left behind" 130
wait_until 120 none_left_behind ||
  fail "$(left_behind) runs are running and have not changed for $STALE s" "see the queue's failed set; its lock and stalled-check intervals decide when a dead worker's runs go elsewhere"
