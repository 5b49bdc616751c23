#!/bin/bash
# Lets a Redis that has reached its maxmemory take writes again: finds what fills it, and raises the limit, in the
# running server and in its configuration. Nothing is deleted, and nothing may be evicted: the queue's keys are no cache.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env REDIS_HOST
# How many keys are looked at to find what fills the memory.
readonly SAMPLE=2000

# memory FIELD prints a figure of INFO memory.
memory() {
  redis_info memory "$1"
}

# heaviest_keys prints how much memory a sample of the keys takes, by the first two parts of their names.
heaviest_keys() {
  local keys
  # head ends before the scan does, which then cannot write.
  keys=$(timeout 20 redis-cli -h "$REDIS_HOST" -p "${REDIS_PORT:-6379}" --scan --count 1000 2> /dev/null | head -n "$SAMPLE" || true)
  paste -d ' ' <(awk '{ printf "MEMORY USAGE \"%s\"\n", $0 }' <<< "$keys" | redis) <(cut -d : -f 1-2 <<< "$keys") |
    awk '{ bytes[$2] += $1; keys[$2]++ } END { for (p in bytes) printf "%d bytes in %d keys %s:*\n", bytes[p], keys[p], p }' |
    sort --numeric-sort --reverse | head -n 5
}

takes_writes() {
  [[ $(redis SET cogitator:recovery:probe taken EX 1) == OK ]]
}

step "find what fills the memory" 60
[[ $(redis PING 2> /dev/null) == PONG ]] || fail "Redis at $REDIS_HOST does not answer PING" "run restart-redis.sh"
limit=$(memory maxmemory)
policy=$(memory maxmemory_policy)
echo "$(memory used_memory) bytes used, of $limit; policy $policy; $(redis_info stats evicted_keys) keys evicted"
heaviest_keys
[[ $policy == noeviction ]] || fail "the policy is $policy: Redis evicts keys, the queue's too" "CONFIG SET maxmemory-policy noeviction, then reconcile-queue.sh"
((limit > 0)) || fail "Redis has no limit of its own" "look at the memory of its host"

step "raise the limit" 30
# Half of the host is left to it: a rewrite of the append-only file can take as much again as the data.
ceiling=${REDIS_MEMORY_CEILING:-$(($(memory total_system_memory) / 2))}
# Where an earlier run has raised it already, there is room.
raised=$limit
if (($(memory used_memory) * 10 > limit * 9)); then
  raised=$((limit * 2 < ceiling ? limit * 2 : ceiling))
  ((raised > limit)) || fail "$limit bytes are all that the host leaves to Redis" "delete what leaks (see above), or move Redis to a larger host"
fi
[[ $(redis CONFIG SET maxmemory "$raised") == OK ]] || fail "CONFIG SET maxmemory was refused" "see the server's log"
fact maxmemory "$raised"

step "keep the limit over a restart" 30
answer=$(redis CONFIG REWRITE 2>&1)
[[ $answer == OK ]] || fail "the next restart forgets the limit: $answer" "set maxmemory $raised where the service's settings are"

step "verify that writes are taken" 30
wait_until 20 takes_writes || fail "Redis still refuses writes" "see above what fills it: it may grow faster than the limit"
