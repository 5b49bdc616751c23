#!/bin/bash
# Removes the sandboxes that are stuck, and those alone, and has the pool filled up again.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env API_URL

step "list the sandboxes" 15
sandboxes=$(list_sandboxes) || fail "cannot list the sandboxes" "check DOCKER_HOST"
echo "$(wc --words <<< "$sandboxes") running or frozen"

step "test the sandboxes" 15
# shellcheck disable=SC2086 # one word each
stuck=$(stuck_sandboxes $sandboxes)
stuck=${stuck//$'\n'/ }
echo "stuck: ${stuck:-none}"

step "remove the stuck sandboxes" 30
# shellcheck disable=SC2086 # one word each
[[ -z $stuck ]] || docker rm --force $stuck > /dev/null || fail "cannot remove $stuck" "see the engine's message above"

step "reset the pool" 40
reset_pool

step "verify the pool" 30
verify_pool
