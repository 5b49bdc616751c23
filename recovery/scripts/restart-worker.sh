#!/bin/bash
# Does what a supervisor does about dead workers: says why they died, starts them as often as they die, and
# sees that the queue hands their runs on, or gives up the ones that kill.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE API_URL
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"
# So long, in seconds, must all be well: a run that kills its worker may have just been taken again.
readonly CALM=3
deaths=()

# start_dead starts the workers that are dead, and notes what ended them.
start_dead() {
  local worker how
  for worker in "${workers[@]}"; do
    is_active "$worker" && continue
    how=$(ended_by "$worker" 2> /dev/null) || how=unknown
    deaths+=("$worker=$how")
    echo "$worker is dead: $how"
    service start "$worker"
  done
}

workers_are_active() {
  local active
  active=$(api GET /metrics 2> /dev/null | sed -n 's/^cogitator_workers_active //p') || return 1
  [[ $active == "${#workers[@]}" ]]
}

have_joined() {
  start_dead
  workers_are_active
}

# is_calm tells whether nothing has been wrong for CALM seconds. It starts who has died since.
is_calm() {
  local before=${#deaths[@]}
  start_dead
  if ((${#deaths[@]} > before)) || ! workers_are_active || [[ $(left_behind "$began") != 0 ]]; then
    calm_since=$(now_us)
  fi
  (($(now_us) - calm_since >= CALM * 1000000))
}

step "start the dead workers" 40
began=$(sql --command 'SELECT now()')
start_dead
fact causes "${deaths[*]:-none}"

step "wait until all workers have joined" 40
wait_until 35 have_joined ||
  fail "cogitator_workers_active at $API_URL is not ${#workers[@]}" "see $API_URL/health/workers: one that is silent hangs, replace-worker.sh; read the logs of the others"

# With locks of 30 s and a check every 30 s, which are BullMQ's own settings, this takes a minute and more.
step "wait until no run is left behind" 140
calm_since=$(now_us)
wait_until 130 is_calm ||
  fail "$(left_behind "$began") runs have not changed for $STALE s; dead since: ${deaths[*]:-none}" "see the queue's failed set; its lock and stalled-check intervals decide when a dead worker's runs go elsewhere"
fact causes "${deaths[*]:-none}"

step "report what was given up" 10
failed=$(sql --command "SELECT id FROM runs WHERE status = 'failed' AND updated_at >= '$began' ORDER BY id" | paste -sd ' ')
fact failed_runs "${failed:-none}"
