#!/bin/bash
# Backs up Redis: has it write a snapshot, waits until that very snapshot is written, copies and checks it.
# Copying the file costs the server less than streaming one to a replica, and does not wait for its
# repl-diskless-sync-delay.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env REDIS_HOST REDIS_DATA_DIR

# save_can_begin tells whether no child of the server is busy, and its clock has left the second of the last
# save: LASTSAVE counts in seconds, and must show the difference.
save_can_begin() {
  local info
  info=$(redis INFO persistence 2> /dev/null) || return 1
  [[ $(info_field rdb_bgsave_in_progress <<< "$info") == 0 && $(info_field aof_rewrite_in_progress <<< "$info") == 0 ]] || return 1
  LAST_SAVE=$(info_field rdb_last_save_time <<< "$info")
  read_server_time
  ((SERVER_SECONDS > LAST_SAVE))
}

# read_server_time sets SERVER_SECONDS and SERVER_MICROS.
read_server_time() {
  { read -r SERVER_SECONDS && read -r SERVER_MICROS; } < <(redis TIME)
}

# begin_save starts a snapshot that is not older than SERVER_SECONDS; fails when another child of the server was quicker.
begin_save() {
  save_can_begin && [[ $(redis BGSAVE) == "Background saving started"* ]]
}

save_has_ended() {
  [[ $(redis_info persistence rdb_bgsave_in_progress) == 0 ]]
}

# counted WHAT prints a count of the report of redis-check-rdb.
counted() {
  sed -n "s/^\[info\] \([0-9]*\) $1\$/\1/p" <<< "$report"
}

step "write a snapshot" 300
[[ $(redis PING) == PONG ]] ||
  fail "Redis at $REDIS_HOST does not answer PING" "run restart-redis.sh"
begin_backup redis
wait_until 120 begin_save || fail "BGSAVE did not start within 120 s" "see INFO persistence: another save or an AOF rewrite does not end"
printf -v snapshot_at '%(%Y-%m-%dT%H:%M:%S)T.%06dZ' "$SERVER_SECONDS" "$((10#$SERVER_MICROS))"
wait_until 170 save_has_ended || fail "the snapshot is not written after 170 s" "see INFO persistence and the disk of $REDIS_HOST"
[[ $(redis_info persistence rdb_last_bgsave_status) == ok && $(redis_info persistence rdb_last_save_time) -gt $LAST_SAVE ]] ||
  fail "Redis could not write its snapshot" "see its log, and the free space under $REDIS_DATA_DIR"

step "copy the snapshot" 300
name=$(redis CONFIG GET dbfilename | sed -n 2p)
read -ra host <<< "${REDIS_HOST_EXEC-}"
"${host[@]}" cat "$REDIS_DATA_DIR/${name:-dump.rdb}" < /dev/null > "$WORK/dump.rdb" ||
  fail "cannot copy $REDIS_DATA_DIR/${name:-dump.rdb}" "check REDIS_DATA_DIR and REDIS_HOST_EXEC"

step "verify the snapshot" 300
report=$(redis-check-rdb "$WORK/dump.rdb") || fail "the copy is no sound snapshot: $(tail -n 1 <<< "$report")" "run this again; mind the free space under $BACKUP_DIR"
keys=$(counted "keys read")
expires=$(counted expires)
written=$(sed -n "s/.*AUX FIELD ctime = '\([0-9]*\)'.*/\1/p" <<< "$report")
((written >= SERVER_SECONDS)) || fail "the copy is an older snapshot" "REDIS_DATA_DIR is not where this Redis writes: see CONFIG GET dir"
echo "$keys keys, $expires with a time to live"

step "publish the backup" 120
version=$(redis_info server redis_version)
publish_backup redis "$(jq --null-input --arg at "$snapshot_at" --arg version "$version" --argjson keys "$keys" --argjson expires "$expires" \
  '{snapshotAt: $at, serverVersion: $version, keys: $keys, expires: $expires}')"

step "remove old backups" 60
expire_backups redis
