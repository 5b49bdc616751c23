#!/bin/bash
# Promotes the PostgreSQL standby when the primary is lost, sends clients to it, and makes the old primary its
# synchronous standby.
#
# The old primary is fenced before anything is promoted: its data directory makes it a standby from the next
# start on, so that whoever starts it, and whenever, no client can write to it. That holds while it is rebuilt.
# Where its host is out of reach, see to it that it can take no writes and say OLD_PRIMARY_IS_FENCED=yes: clients are
# served then, and the rest is for another run, without that, once the host is back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE POSTGRES_DATA_DIR POSTGRES_STANDBY_HOST REPLICATION_USER ENDPOINT_MANAGER
old=${POSTGRES_SERVICE:-postgres}
new=${POSTGRES_STANDBY_SERVICE:-postgres-standby}
name=${POSTGRES_STANDBY_NAME:-standby}
readonly FENCED_BY_HAND=${OLD_PRIMARY_IS_FENCED:-no}

# standby COMMAND… runs a command against the server that is to be, or already is, the new primary.
standby() {
  PGHOST=$POSTGRES_STANDBY_HOST "$@"
}

is_promoted() {
  [[ $(standby sql_once --command 'SELECT NOT pg_is_in_recovery()') == t ]]
}

# keep_from_writing DIR runs on the old primary's host: at its next start the server is a standby. Where the data is
# lost the file stays all the same: no server makes a new database in a directory that is not empty.
keep_from_writing() {
  mkdir -p "$1"
  touch "$1/standby.signal"
  sync "$1"
}

# fence stops the old primary, which also ends the connections of clients that still write to it, and keeps it from writing.
fence() {
  service stop "$old" && on_host "${POSTGRES_HOST_EXEC-}" keep_from_writing "$POSTGRES_DATA_DIR" < /dev/null
}

# receive_copy DIR runs on the old primary's host, with a base backup as an archive on standard input.
receive_copy() {
  rm -rf "$1.rebuilding"
  mkdir "$1.rebuilding"
  chmod 0700 "$1.rebuilding"
  tar --extract --directory "$1.rebuilding"
}

# put_in_place DIR CONNINFO SLOT runs on the old primary's host. Writes that never reached the standby are in the data
# that was there: it is kept. At no instant is there a directory that a server could start from as a primary.
put_in_place() {
  local dir=$1 copy=$1.rebuilding aside
  printf "primary_conninfo = '%s'\nprimary_slot_name = '%s'\n" "$2" "$3" >> "$copy/postgresql.auto.conf"
  touch "$copy/standby.signal"
  chown --recursive --reference "$dir" "$copy"
  aside=$dir.before-rebuild-$(date +%Y%m%dT%H%M%S)
  mkdir "$aside"
  find "$dir" -mindepth 1 -maxdepth 1 ! -name standby.signal ! -name PG_VERSION -exec mv -t "$aside" {} +
  find "$copy" -mindepth 1 -maxdepth 1 -exec mv -t "$dir" {} +
  rmdir "$copy"
  sync "$dir" "$dir/.."
  echo "the old primary's data is kept in $aside: remove it when nobody needs it"
}

# streams tells whether the new primary sends its log to a standby of the name, and in which way: async or sync.
streams() {
  [[ $(standby sql_once --command "SELECT sync_state FROM pg_stat_replication WHERE application_name = '$name' AND state = 'streaming'") == "$1" ]]
}

step "diagnose the standby" 15
found=$(standby sql --field-separator ' ' --command 'SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn(), pg_current_wal_lsn())') ||
  fail "the standby at $POSTGRES_STANDBY_HOST does not answer" "bring the primary back: restart-postgres.sh, or a restore if its data is gone"
read -r recovers position <<< "$found"
if [[ $recovers == t || $FENCED_BY_HAND == yes ]]; then
  [[ $(sql_once --command 'SELECT NOT pg_is_in_recovery()') != t ]] ||
    fail "the primary at $PGHOST answers" "nothing is lost that a promotion brings back; to move on purpose, stop $old and run this again"
fi
echo "the standby has replayed the log up to $position, and is one: $recovers"

step "fence the old primary" 90
if [[ $FENCED_BY_HAND == yes ]]; then
  echo "somebody has seen to it that $old can take no writes: it is left alone"
else
  fence || fail "$old cannot be stopped, or its data directory cannot be changed" \
    "power its host off or cut its network, so that it can take no writes; then run this again with OLD_PRIMARY_IS_FENCED=yes"
fi

step "promote the standby" 90
# It has no standby of its own, or none any more if this is run again: commits must not wait for one.
standby sql <<< "ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();" > /dev/null
if [[ $recovers == t ]]; then standby sql --command 'SELECT pg_promote(true, 60)' > /dev/null; fi
wait_until 20 is_promoted || fail "$new is still a standby" "see its log"
fact promoted_to "$new"

step "send clients to the new primary" 15
point_clients "${POSTGRES_ENDPOINT:-postgres}" "$new"
wait_until 10 standby accepts_writes || fail "$new does not accept writes" "see its log"
if [[ $FENCED_BY_HAND == yes ]]; then
  fact not_rebuilt "$old"
  echo "commits wait for no standby: when the host of $old is back, run this again without OLD_PRIMARY_IS_FENCED before anybody starts $old"
  exit 0
fi

step "copy the new primary" 3600
standby sql --command "SELECT pg_create_physical_replication_slot('$name', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$name')" > /dev/null
standby pg_basebackup --no-password --pgdata - --format tar --wal-method fetch --checkpoint fast |
  on_host "${POSTGRES_HOST_EXEC-}" receive_copy "$POSTGRES_DATA_DIR" ||
  fail "no copy of $new" "see the message above; clients are served by $new alone until there is a standby again"

step "rebuild the old primary as a standby" 120
service stop "$old" # Somebody may have started it since.
on_host "${POSTGRES_HOST_EXEC-}" put_in_place "$POSTGRES_DATA_DIR" \
  "host=$POSTGRES_STANDBY_HOST port=${PGPORT:-5432} user=$REPLICATION_USER application_name=$name" "$name" < /dev/null
service start "$old"
wait_until 100 streams async || streams sync || fail "$old does not follow $new" "see the logs of both; its password for $REPLICATION_USER is its own affair"

step "have commits wait for the standby again" 60
standby sql <<< "ALTER SYSTEM SET synchronous_standby_names = '$name'; SELECT pg_reload_conf();" > /dev/null
wait_until 30 streams sync || fail "commits do not wait for $old" "see pg_stat_replication on $new"

step "verify both" 30
wait_until 10 standby accepts_writes || fail "$new does not accept writes" "see its log"
[[ $(sql --command 'SELECT pg_is_in_recovery()') == t ]] || fail "$old is no standby" "stop it at once: two servers take writes"
