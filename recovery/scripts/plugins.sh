# shellcheck shell=bash
# What the recoveries of WASM plugins share. It is sourced after lib.sh.

read -ra workers <<< "${WORKER_SERVICES:-worker-1 worker-2}"

# restart_workers restarts one after another, so that the others go on with the runs.
restart_workers() {
  local worker
  step "restart the workers" 120
  for worker in "${workers[@]}"; do
    service restart "$worker"
    echo "$worker is restarted"
  done
}

# call_plugin has some worker run the plugin, and prints the worker that answered and its runtime's version.
call_plugin() {
  local a=$((RANDOM * RANDOM)) b=$RANDOM answer
  answer=$(api POST /api/plugins/sum "{\"a\": $a, \"b\": $b}" 2>&1) || {
    echo "$answer" >&2
    return 1
  }
  jq --raw-output --exit-status --argjson sum "$((a + b))" 'select(.result == $sum) | "\(.worker) \(.runtime)"' <<< "$answer"
}

# all_answer has plugins run until every worker has answered right; it fails when one answers wrong, or an error.
all_answer() {
  local worker version
  declare -A answered=()
  local tries
  for ((tries = 0; tries < 50 && ${#answered[@]} < ${#workers[@]}; tries++)); do
    read -r worker version < <(call_plugin 2> /dev/null) || return 1
    answered[$worker]=$version
  done
  ((${#answered[@]} == ${#workers[@]})) || return 1
  VERSIONS=$(printf '%s\n' "${answered[@]}" | sort --unique | paste -sd ' ')
}

# verify_plugins waits until all workers answer right, and states the version of their runtime.
verify_plugins() {
  step "verify the plugins" 60
  wait_until 50 all_answer || fail "not all of ${workers[*]} run plugins: $(call_plugin 2>&1 || true)" "see the workers' logs"
  fact extism_version "$VERSIONS"
}
