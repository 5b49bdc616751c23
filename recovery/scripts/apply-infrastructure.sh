#!/bin/bash
# Builds what the stores and the application run on, from its declaration: networks, volumes, containers. What is
# there already stays as it is. Nothing is started: the stores have to be restored before anybody writes into them.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env INFRASTRUCTURE_MANAGER
read -ra manager <<< "$INFRASTRUCTURE_MANAGER"
read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"
services=("${POSTGRES_SERVICE:-postgres}" "${REDIS_SERVICE:-redis}" "${API_SERVICE:-api}" "${workers[@]}")

step "apply the declared infrastructure" 600
"${manager[@]}" || fail "the infrastructure is not as declared" "see the message above; restore-config.sh brings the declaration back. This can be run again"

step "check that the services are known and wait" 30
running=()
for name in "${services[@]}"; do
  status=0
  is_active "$name" || status=$?
  case $status in
    0) running+=("$name") ;;
    3) ;; # As it has to be.
    *) fail "$SERVICE_MANAGER does not know $name (exit code $status)" "declare it; see the message above" ;;
  esac
done
echo "${#services[@]} services, running already: ${running[*]:-none}"
