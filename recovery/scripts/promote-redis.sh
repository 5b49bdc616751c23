#!/bin/bash
# Promotes the Redis replica when the primary is lost, sends clients to it, and makes the old primary its replica.
#
# The old primary is fenced before anything is promoted: its configuration makes it a replica from the next
# start on, so that whoever starts it, and whenever, no client can write to it. Where its host is out of reach, see
# to it that it can take no writes and say OLD_PRIMARY_IS_FENCED=yes: clients are served then, and the rest is for
# another run, without that, once the host is back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env REDIS_HOST REDIS_REPLICA_HOST REDIS_CONFIG REDIS_DATA_DIR ENDPOINT_MANAGER
old=${REDIS_SERVICE:-redis}
new=${REDIS_REPLICA_SERVICE:-redis-replica}
port=${REDIS_PORT:-6379}
readonly FENCED_BY_HAND=${OLD_PRIMARY_IS_FENCED:-no}

# replica COMMAND… asks the server that is to be, or already is, the new primary.
replica() {
  REDIS_HOST=$REDIS_REPLICA_HOST redis "$@"
}

# replication FIELD prints what the server at REDIS_HOST says of its part in replication.
replication() {
  redis_info replication "$1"
}

# replica_replication FIELD prints what the replica says.
replica_replication() {
  REDIS_HOST=$REDIS_REPLICA_HOST replication "$1"
}

# make_replica CONFIG HOST PORT runs on the old primary's host: at its next start the server follows HOST.
make_replica() {
  local config=$1
  [[ -f $config ]] || fail "$config is not there" "check REDIS_CONFIG: Redis must be started with a configuration file that it can write"
  cp --preserve "$config" "$config.fenced"
  sed --in-place --regexp-extended '/^[[:space:]]*(replicaof|slaveof)[[:space:]]/Id' "$config.fenced"
  printf '\nreplicaof %s %s\n' "$2" "$3" >> "$config.fenced"
  sync "$config.fenced"
  mv "$config.fenced" "$config"
  sync "$(dirname "$config")"
}

# fence stops the old primary, which also ends the connections of clients that still write to it, and keeps it from taking writes.
fence() {
  service stop "$old" &&
    on_host "${REDIS_HOST_EXEC-}" make_replica "$REDIS_CONFIG" "$REDIS_REPLICA_HOST" "$port" < /dev/null
}

# keep_old_data DIR runs on the old primary's host. Writes that never reached the replica are in there.
keep_old_data() {
  local aside file data=()
  cd "$1"
  for file in appendonlydir dump.rdb; do
    [[ ! -e $file ]] || data+=("$file")
  done
  ((${#data[@]})) || return 0
  aside=before-rebuild-$(date +%Y%m%dT%H%M%S)
  mkdir "$aside"
  mv "${data[@]}" "$aside"
  echo "the old primary's data is kept in $PWD/$aside: remove it when nobody needs it"
}

is_promoted() {
  [[ $(replica_replication role) == master ]]
}

is_rebuilt() {
  [[ $(replication role) == slave && $(replication master_host) == "$REDIS_REPLICA_HOST" ]] &&
    [[ $(replication master_link_status) == up && $(replication master_sync_in_progress) == 0 ]]
}

# has_caught_up OFFSET tells whether the rebuilt replica has come that far.
has_caught_up() {
  [[ $(replication slave_repl_offset) -ge $1 ]]
}

# verify_appends NAME checks the append-only file of the server at REDIS_HOST.
verify_appends() {
  local info
  info=$(redis INFO persistence)
  [[ $(info_field aof_enabled <<< "$info") == 1 && $(info_field aof_last_write_status <<< "$info") == ok ]] ||
    fail "$1 writes no append-only file" "set appendonly yes in its configuration: what it acknowledges is lost at the next crash"
}

step "diagnose the replica" 15
[[ $(replica PING 2> /dev/null) == PONG ]] ||
  fail "the replica at $REDIS_REPLICA_HOST does not answer" "bring the primary back: restart-redis.sh, or restore-redis.sh if its data is gone"
role=$(replica_replication role)
echo "the replica is a $role with $(replica DBSIZE) keys"
if [[ $role == slave ]]; then
  [[ $(replica_replication master_sync_in_progress) == 0 && $(replica_replication slave_repl_offset) -gt 0 ]] ||
    fail "the replica is in the middle of its first synchronisation: it holds only a part of the data" "restore-redis.sh brings a snapshot back"
  echo "its link to the primary is $(replica_replication master_link_status)"
  fact replica_offset "$(replica_replication slave_repl_offset)"
  fact replica_link_down_seconds "$(replica_replication master_link_down_since_seconds)"
fi
if [[ $role == slave || $FENCED_BY_HAND == yes ]]; then
  [[ $(replication role) != master ]] ||
    fail "the primary at $REDIS_HOST answers" "nothing is lost that a promotion brings back; to move on purpose, stop $old and run this again"
fi
REDIS_HOST=$REDIS_REPLICA_HOST verify_appends "$new"

step "fence the old primary" 60
if [[ $FENCED_BY_HAND == yes ]]; then
  echo "somebody has seen to it that $old can take no writes: it is left alone"
else
  fence || fail "$old cannot be stopped, or its configuration cannot be changed" \
    "power its host off or cut its network, so that it can take no writes; then run this again with OLD_PRIMARY_IS_FENCED=yes"
fi

step "promote the replica" 30
replica REPLICAOF NO ONE
wait_until 10 is_promoted || fail "$new is still a replica" "see its log"
[[ $(replica CONFIG REWRITE) == OK ]] ||
  fail "the promotion is not written into the configuration of $new" "start it with a configuration file that it can write: at its next start it would follow the old primary"
fact promoted_at_offset "$(($(replica_replication second_repl_offset) - 1))"

step "send clients to the new primary" 15
point_clients "${REDIS_ENDPOINT:-redis}" "$new"
if [[ $FENCED_BY_HAND == yes ]]; then
  fact not_rebuilt "$old"
  echo "$new has no replica: when the host of $old is back, run this again without OLD_PRIMARY_IS_FENCED before anybody starts $old"
  exit 0
fi

step "rebuild a replica from the old primary" 300
service stop "$old" # Somebody may have started it since.
on_host "${REDIS_HOST_EXEC-}" keep_old_data "$REDIS_DATA_DIR" < /dev/null
service start "$old"
wait_until 290 is_rebuilt || fail "$old does not follow $new: link $(replication master_link_status)" "see the logs of both"

step "verify both" 60
REDIS_HOST=$REDIS_REPLICA_HOST verify_appends "$new"
verify_appends "$old"
[[ $(redis CONFIG GET replica-read-only | sed -n 2p) == yes ]] || fail "$old takes writes though it is a replica" "set replica-read-only yes"
[[ $(redis CONFIG REWRITE) == OK ]] || fail "$old cannot write its configuration" "check the owner of $REDIS_CONFIG"
offset=$(replica_replication master_repl_offset)
wait_until 30 has_caught_up "$offset" || fail "$old lags behind: it has come to $(replication slave_repl_offset) of $offset" "see the logs of both"
echo "$new is the primary with $(replica DBSIZE) keys, $old follows it with $(redis DBSIZE)"
