#!/bin/bash
# Brings Redis back after its process died: starts it, lets it load its append-only file, and checks that
# it appends again.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env REDIS_HOST
redis=${REDIS_SERVICE:-redis}

# state prints what the server answers to PING: PONG, an error such as LOADING, or silent.
state() {
  local answer
  answer=$(redis PING 2> /dev/null) || answer=silent
  echo "${answer%% *}"
}

is_listening() {
  [[ $(state) != silent ]]
}

step "diagnose the server" 15
state=$(state)
active=no
if is_active "$redis"; then active=yes; fi
echo "server: $state, service active: $active"
[[ $state == silent ]] || echo "memory used: $(redis_info memory used_memory_human) of $(redis_info memory maxmemory_human) (0B: no limit)"

step "start the server" 90
# A silent server in an active service may have been started by a supervisor just now.
if [[ $active == no ]]; then
  service start "$redis"
elif [[ $state == silent ]] && ! wait_until 3 is_listening; then
  service restart "$redis"
fi

step "wait until the data is loaded" 240
wait_until 230 redis_is_loaded ||
  fail "Redis has not loaded its data" "read its log: a damaged append-only file shows there; redis-check-aof repairs its tail, restore-redis.sh goes back to a snapshot"

step "verify the append-only file" 15
info=$(redis INFO persistence)
[[ $(info_field aof_enabled <<< "$info") == 1 ]] || fail "Redis does not write an append-only file" "set appendonly yes: what is written now is lost at the next crash"
[[ $(info_field aof_last_write_status <<< "$info") == ok ]] || fail "Redis cannot write its append-only file" "see its log, and the free space under its data directory"
echo "$(redis DBSIZE) keys"
