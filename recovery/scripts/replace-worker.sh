#!/bin/bash
# Replaces workers that hang: starts a spare for each that fails its health check, and sees that the queue hands
# their runs on. The one that hangs is left for whoever looks for the reason: should it wake, its writes are
# refused, since others have its runs by then.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE API_URL SPARE_WORKER_SERVICES
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"
read -ra spares <<< "$SPARE_WORKER_SERVICES"

step "find the workers that fail their health check" 20
began=$(sql --command 'SELECT now()')
silent=()
for worker in "${workers[@]}"; do
  worker_is_up "$worker" || silent+=("$worker")
done
fact dropped_workers "${silent[*]:-none}"
((${#silent[@]})) || fail "all of ${workers[*]} pass their health check" "nothing is to be replaced; see $API_URL/health for the stores"

step "start a spare for each" 40
((${#spares[@]} >= ${#silent[@]})) || fail "${#spares[@]} spares for ${#silent[@]} workers" "add services to SPARE_WORKER_SERVICES"
spares=("${spares[@]:0:${#silent[@]}}")
for spare in "${spares[@]}"; do
  service start "$spare"
done

step "wait until the spares have joined" 40
for spare in "${spares[@]}"; do
  wait_until 35 worker_is_up "$spare" || fail "$spare has not joined" "read its log"
done

# With locks of 30 s and a check every 30 s, which are BullMQ's own settings, this takes a minute and more.
step "wait until no run is left behind" 140
wait_until 130 none_left_behind "$began" ||
  fail "$(left_behind "$began") runs have not changed for $STALE s" "see the queue's failed set; its lock and stalled-check intervals decide when a worker's runs go elsewhere"
