#!/bin/bash
# Verifies that the whole service is back: every service runs, every health endpoint answers, and a test run goes
# through the queue and a worker to its end.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE API_URL
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"
services=("${POSTGRES_SERVICE:-postgres}" "${REDIS_SERVICE:-redis}" "${API_SERVICE:-api}" "${workers[@]}")

run_status() {
  api GET "/api/runs/$run" 2> /dev/null | jq --raw-output '.status // empty'
}

run_is_over() {
  [[ $(run_status) =~ ^(completed|failed)$ ]]
}

step "check that all services run" 30
down=()
for name in "${services[@]}"; do
  is_active "$name" || down+=("$name")
done
((${#down[@]} == 0)) || fail "not active: ${down[*]}" "start them, and read their logs"
echo "${#services[@]} services run"

step "check the health endpoints" 30
for endpoint in /health /health/ready /health/live /health/db /health/redis; do
  answer=$(api GET "$endpoint") || fail "$endpoint: $answer" "bring back what it says is down"
  echo "$endpoint: $(jq --raw-output .status <<< "$answer")"
done

step "run a test agent" 90
agent=${TEST_AGENT:-$(sql --command 'SELECT id FROM agents WHERE enabled ORDER BY id LIMIT 1')}
[[ -n $agent ]] || fail "there is no agent that could run" "restore-postgres.sh brings the agents back"
run=test-recovery-$(date +%Y%m%dT%H%M%S)
answer=$(api POST /api/runs "$(jq --null-input --arg id "$run" --arg agent "$agent" '{id: $id, agentId: $agent, input: "hello"}')") ||
  fail "the API does not take a run of $agent: $answer" "read its log"
wait_until 60 run_is_over || fail "$run is $(run_status || true) after 60 s" "the queue may be paused or no worker take runs: reconcile-queue.sh, restart-worker.sh"
[[ $(run_status) == completed ]] || fail "$run of $agent failed" "read the workers' logs"
fact test_run "$run"
