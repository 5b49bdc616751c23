#!/bin/bash
# Restores PostgreSQL from a base backup and the streamed log: restore-postgres-pitr.sh [BACKUP [TARGET]]
#
#   BACKUP   latest-verified (the default), a name, or a time: the newest that is not later
#   TARGET   end (the default): all that was streamed; or a point to stop just before:
#            time=2026-12-01T02:00:00Z, lsn=0/3000148, xid=812
#
# The data directory that was there is put aside, never written into. Until the log is streamed again no
# commit is acknowledged, so that nothing is promised that a second failure could take.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE POSTGRES_DATA_DIR WAL_DIR
readonly USAGE="restore-postgres-pitr.sh [latest-verified|NAME|TIME [end|time=TIME|lsn=LSN|xid=XID]]"
(($# <= 2)) || usage "$USAGE"
TARGET=${2:-end}
[[ $TARGET =~ ^(end|time=.*(Z|[+-][0-9:]+)|lsn=.+|xid=[0-9]+)$ ]] || usage "$USAGE; a time needs its zone"
if [[ $TARGET == time=* ]]; then
  # A server that recovers knows no zone by its name, and Z is one.
  TARGET=time=$(date --utc --date "${TARGET#time=}" +%FT%T.%6N+00:00) || usage "$USAGE; not ${2#time=}"
fi
readonly TARGET
postgres=${POSTGRES_SERVICE:-postgres}
receiver=${WAL_SERVICE:-wal-receiver}
slot=${WAL_SLOT:-wal_receiver}

# send_log DIR FROM runs on the receiver's host. It prints an archive of the log, each segment under its full name:
# the partial one is where the newest commits are.
send_log() {
  local files
  cd "$1"
  mapfile -t files < <(wal_files . "$2" | sort --reverse; find . -maxdepth 1 -name '*.history' -printf '%f\n')
  tar --create --transform 's/\.partial$//' --transform 's,^,pg_wal/,' "${files[@]}"
}

# rebuild_data DIR TIMELINE TARGET runs on PostgreSQL's host, with the archives of base backup and log on standard input.
rebuild_data() {
  local dir=$1 new=$1.restoring aside

  step "copy the backup and the log" 3600
  rm -rf "$new"
  mkdir -p "$new"
  chmod 0700 "$new"
  tar --extract --ignore-zeros --directory "$new" # One archive follows the other.
  pg_verifybackup --no-parse-wal --quiet "$new" ||
    fail "the base backup arrived damaged" "run this again; mind the free space under ${dir%/*}"
  recovery_settings "$2" "$3" >> "$new/postgresql.auto.conf"
  touch "$new/recovery.signal"
  chown --recursive postgres:postgres "$new"

  step "put the old data aside" 120
  if [[ -e $dir ]]; then
    aside=$dir.before-restore-$(date +%Y%m%dT%H%M%S)
    mv --no-target-directory "$dir" "$aside"
    echo "the data that was there is kept in $aside: remove it when nobody needs it"
  fi
  mv --no-target-directory "$new" "$dir"
  sync "$dir" "${dir%/*}"
}

# recovery_settings TIMELINE TARGET prints the settings. The log lies where the server looks by itself, so
# that the command for fetching it has nothing to fetch.
recovery_settings() {
  echo "restore_command = 'false'"
  echo "recovery_target_timeline = '$1'"
  echo "recovery_target_action = 'promote'"
  echo "hot_standby = off" # Nobody reads the past while it is replayed.
  if [[ $2 != end ]]; then
    echo "recovery_target_${2%%=*} = '${2#*=}'"
    echo "recovery_target_inclusive = 'off'"
  fi
}

# recovery_ended tells whether the server is through: it is promoted, or it has given up.
recovery_ended() {
  [[ $(sql_once --command 'SELECT NOT pg_is_in_recovery()') == t ]] || ! is_active "$postgres"
}

# branch_point prints where the server left the timeline that it recovered along.
branch_point() {
  sql --command "SELECT split_part(trim(E'\n' FROM pg_read_file('pg_wal/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '.history')), E'\n', -1)" |
    cut --fields 2
}

# drop_future DIR SEGMENT runs on the receiver's host. What lies after the segment in which the server branched
# off is of no history of its own any more, and the receiver would go on from there.
drop_future() {
  local name aside
  aside=$1/before-restore-$(date +%Y%m%dT%H%M%S)
  for name in $(wal_files "$1" "$2"); do
    if [[ ${name:8:16} > ${2:8:16} ]]; then
      mkdir -p "$aside"
      mv "$1/$name" "$aside"
    fi
  done
}

# begin_segment DIR NAME runs on the receiver's host, and lets the receiver begin with that segment.
begin_segment() {
  touch "$1/$2.partial"
  chown --reference "$1" "$1/$2.partial"
}

step "choose the base backup" 600
choose_backup postgres-base "${1:-latest-verified}"
read -r from start < <(manifest_value '"\(.startSegment) \(.startLsn)"')

step "check the streamed log" 3600
# All that can be known before anything is stopped.
survey_log "$from" "$start" "$TARGET"

step "stop the server" 90
# The server first: when it ends well, it waits until the receiver has everything.
service stop "$postgres"

step "stop the receiver" 90
service stop "$receiver"

step "check the end of the log" 300
# What came until the server stopped.
survey_log "$from" "$RECORD" "$TARGET"
echo "timeline $((16#$TIMELINE)), from segment $from to $LAST, last record at $RECORD"

{
  zstd --decompress --stdout --quiet "$CHOSEN/base.tar.zst"
  tar --create --directory "$CHOSEN" backup_manifest
  on_host "${WAL_HOST_EXEC-}" send_log "$WAL_DIR" "$from" < /dev/null
} | on_host "${POSTGRES_HOST_EXEC-}" rebuild_data "$POSTGRES_DATA_DIR" "$((16#$TIMELINE))" "$TARGET"

step "replay the log" 1800
service start "$postgres"
wait_until 1790 recovery_ended || fail "the server still recovers" "see its log; it goes on by itself"
is_active "$postgres" || fail "the server has ended its recovery without success" "see its log: a target before the base backup's end, or after the log's, shows there"

step "check where recovery ended" 30
branched=$(branch_point)
echo "recovered up to $branched"
if [[ $TARGET == end && $(sql --command "SELECT '$branched'::pg_lsn > '$RECORD'::pg_lsn") != t ]]; then
  service stop "$postgres"
  fail "recovery ended at $branched, before the last record of the streamed log at $RECORD" "see the server's log for what stopped it. It is down again: no client has been promised anything"
fi
fact recovered_to "$branched"

step "stream the log again" 120
for setting in hot_standby restore_command recovery_target_{timeline,action,time,lsn,xid,inclusive}; do
  echo "ALTER SYSTEM RESET $setting;"
done | sql
segment=$(sql --command "SELECT pg_walfile_name('$branched')")
if [[ ${LAST:8:16} > ${segment:8:16} ]]; then on_host "${WAL_HOST_EXEC-}" drop_future "$WAL_DIR" "$segment" < /dev/null; fi
# The receiver goes on after its newest segment. Of the old timeline that may be one that the server has left before.
begins=$(sql --command "SELECT pg_walfile_name('$branched'::pg_lsn + 1)")
on_host "${WAL_HOST_EXEC-}" begin_segment "$WAL_DIR" "$begins" < /dev/null
sql --command "SELECT pg_create_physical_replication_slot('$slot', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot')" > /dev/null
service start "$receiver"
wait_until 100 streams_synchronously ||
  fail "commits do not wait for the receiver" "see the log of $receiver, and synchronous_standby_names; until then no commit is acknowledged, or one is that is nowhere else"

step "verify the server" 30
wait_until 25 accepts_writes || fail "the server does not accept writes" "see its log"
echo "$(sql --command 'SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('\''pg_catalog'\'', '\''information_schema'\'')') tables"
