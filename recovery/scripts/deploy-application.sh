#!/bin/bash
# Starts the application, on stores that are restored: the API first, then the workers.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env API_URL
api_service=${API_SERVICE:-api}
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"

is_ready() {
  api GET /health/ready > /dev/null 2>&1
}

all_workers_are_up() {
  local worker
  for worker in "${workers[@]}"; do
    worker_is_up "$worker" || return 1
  done
}

step "start the API" 90
service start "$api_service"
wait_until 80 is_ready || fail "the API is not ready: $(api GET /health/ready 2>&1 || true)" "bring back what it says is down, and read its log"

step "start the workers" 90
for worker in "${workers[@]}"; do
  service start "$worker"
done
wait_until 80 all_workers_are_up || fail "not all workers pass their health check" "see $API_URL/health/workers, and the logs of ${workers[*]}"
