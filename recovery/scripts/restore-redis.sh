#!/bin/bash
# Restores Redis from a snapshot: restore-redis.sh [latest-verified|NAME|TIME]
#
# A server with an append-only file ignores a snapshot that is put beside it. So a server of our own, which
# nobody can reach, loads the snapshot, turns it into an append-only file and ends; only then does the
# service start. Clients never find a half-restored server, and the data survives the next restart.
# A queue that comes back with it is paused: run reconcile-queue.sh next.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=redisdata.sh
. "$(dirname "$0")/redisdata.sh"
require_env REDIS_HOST REDIS_DATA_DIR
(($# <= 1)) || usage "restore-redis.sh [latest-verified|NAME|TIME]"
redis=${REDIS_SERVICE:-redis}

# rebuild_data DIR BYTES SHA256 KEYS META runs on the Redis host, with the snapshot on standard input.
rebuild_data() {
  local dir=$1 bytes=$2 sha256=$3 keys=$4 meta=$5
  cd "$dir"

  step "put the old data aside" 30
  lock_data
  put_aside

  step "copy the snapshot to the Redis host" 300
  head --bytes "$bytes" > dump.rdb.partial
  sha256sum --check --status <<< "$sha256  dump.rdb.partial" ||
    fail "the snapshot arrived damaged" "run this again; mind the free space under $dir"
  mv dump.rdb.partial dump.rdb

  step "load the snapshot" 300
  start_local --dbfilename dump.rdb --appendonly no
  verify_keys "$keys"
  hold_queue "$meta" local_redis || give_up "the queue is not paused"

  step "write the append-only file" 300
  [[ $(local_redis CONFIG SET appendonly yes) == OK ]] || give_up "CONFIG SET appendonly yes was refused"
  wait_until 290 has_rewritten || give_up "the append-only file is not written within 290 s"
  [[ $(local_field aof_last_bgrewrite_status) == ok ]] || give_up "the append-only file could not be written"
  end_local
}

# put_aside moves away what a server would load instead of the snapshot, or beside it.
put_aside() {
  local aside file old=()
  for file in appendonlydir appendonly.aof dump.rdb; do
    [[ ! -e $file ]] || old+=("$file")
  done
  rm -f dump.rdb.partial
  if ((${#old[@]})); then
    aside=before-restore-$(date +%Y%m%dT%H%M%S)
    mkdir -p "$aside"
    mv "${old[@]}" "$aside"
    echo "the data that was there is kept in $PWD/$aside: remove it when nobody needs it"
  fi
}

# verify_keys KEYS compares what was loaded with the backup. Keys may have expired since; none may be missing.
verify_keys() {
  local loaded expired
  loaded=$(local_field rdb_last_load_keys_loaded)
  expired=$(local_field rdb_last_load_keys_expired)
  ((loaded + expired == $1)) || give_up "$loaded keys loaded and $expired expired, of $1 in the backup"
  echo "$loaded keys loaded, $expired expired since"
}

step "choose the backup" 120
choose_backup redis "${1:-latest-verified}"
read -r bytes sha256 < <(manifest_value '.objects["dump.rdb"] | "\(.bytes) \(.sha256)"')
read -r keys expires < <(manifest_value '"\(.keys) \(.expires)"')

step "stop the server" 90
service stop "$redis"

on_host "${REDIS_HOST_EXEC-}" rebuild_data "$REDIS_DATA_DIR" "$bytes" "$sha256" "$keys" "$(queue_key meta)" < "$CHOSEN/dump.rdb"

step "start the server" 90
service start "$redis"
wait_until 80 redis_is_loaded || fail "Redis has not loaded its data" "read its log"

step "verify the restored data" 15
info=$(redis INFO persistence)
loaded=$(info_field rdb_last_load_keys_loaded <<< "$info")
[[ $(info_field aof_enabled <<< "$info") == 1 ]] || fail "the service runs without an append-only file" "set appendonly yes in its configuration"
# Keys with a time to live may be gone by now, and clients may write already: what was loaded is what counts.
((loaded >= keys - expires)) || fail "$loaded keys loaded, of $keys ($expires with a time to live) in the backup" "see the log of $redis, and run this again"
echo "$loaded keys loaded"
