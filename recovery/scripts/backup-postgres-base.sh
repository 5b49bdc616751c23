#!/bin/bash
# Takes a base backup of PostgreSQL: its data directory, which together with the streamed log restores any
# later moment. The log is not in it: it is checked that the receiver has it, from where the backup begins.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE WAL_DIR
readonly UNPACKED=.unpacked

# has_log DIR SEGMENT runs on the receiver's host.
has_log() {
  [[ -e $1/$2 || -e $1/$2.partial ]]
}

# received LSN tells whether the receiver has the log up to there.
received() {
  [[ $(sql_once --command "SELECT flush_lsn >= '$1'::pg_lsn FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid
    WHERE slot_name = '${WAL_SLOT:-wal_receiver}'") == t ]]
}

step "check the receiver" 15
wait_until 10 streams_synchronously ||
  fail "the log is not streamed synchronously" "start ${WAL_SERVICE:-wal-receiver}: without its log a base backup restores nothing"

step "copy the data directory" 3600
begin_backup postgres-base
about=$(sql << 'SQL'
SELECT json_build_object(
  'snapshotAt', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'serverVersion', current_setting('server_version'), 'systemIdentifier', system_identifier::text) FROM pg_control_system();
SQL
)
pg_basebackup --no-password --pgdata "$WORK" --format tar --compress client-zstd:1 --checkpoint fast --wal-method none ||
  fail "no base backup of $PGHOST" "see the message above; a page with a wrong checksum is named there: restore-postgres-pitr.sh"
[[ $(find "$WORK" -name '*.tar.zst' -printf '%f ') == "base.tar.zst " ]] || fail "the server has tablespaces" "these scripts restore none: back it up with another tool"

step "verify the copy" 3600
mkdir "$WORK/$UNPACKED"
zstd --decompress --stdout --quiet "$WORK/base.tar.zst" | tar --extract --directory "$WORK/$UNPACKED"
pg_verifybackup --no-parse-wal --quiet --manifest-path "$WORK/backup_manifest" "$WORK/$UNPACKED" ||
  fail "the copy is not what was read" "check the disk under $BACKUP_DIR, and run this again"
rm -rf "${WORK:?}/$UNPACKED"

step "check the streamed log" 60
read -r timeline begin end < <(jq --raw-output '."WAL-Ranges"[0] | "\(.Timeline) \(."Start-LSN") \(."End-LSN")"' "$WORK/backup_manifest")
segment=$(sql --command "SELECT lpad(to_hex($timeline), 8, '0') || substr(pg_walfile_name('$begin'), 9)")
segment=${segment^^}
on_host "${WAL_HOST_EXEC-}" has_log "$WAL_DIR" "$segment" < /dev/null || fail "the receiver does not have $segment, where the backup begins" "run this again, now that it streams"
wait_until 30 received "$end" || fail "the receiver does not have the log up to $end, where the backup ends" "see the log of ${WAL_SERVICE:-wal-receiver}"

step "publish the backup" 600
publish_backup postgres-base "$(jq --null-input --argjson about "$about" --arg begin "$begin" --arg end "$end" --arg segment "$segment" \
  '$about + {startLsn: $begin, endLsn: $end, startSegment: $segment}')"

step "remove old backups" 60
expire_backups postgres-base

step "remove old log" 120
oldest=$(oldest_segment)
[[ $oldest =~ ^[0-9A-F]{24}$ ]] || fail "no base backup says where its log begins" "nothing was removed; find out what damages backups"
on_host "${WAL_HOST_EXEC-}" remove_log "$WAL_DIR" "$oldest" "${RETENTION_DAYS:-30}" < /dev/null
