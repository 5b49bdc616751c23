#!/bin/bash
# Brings PostgreSQL back when its disk is full of its own log. Nothing of PostgreSQL's is ever removed by hand: the
# ballast makes the room to start in, and the server removes its log itself once nothing keeps it any more.
# The ballast's file keeps its length while its room is lent, so that another run knows that there is something to give back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE POSTGRES_DATA_DIR POSTGRES_BALLAST
postgres=${POSTGRES_SERVICE:-postgres}

# room DIR BALLAST runs on PostgreSQL's host. It prints MiB: those that are free, those of the disk, the length of the
# ballast, and what that takes up.
room() {
  df --block-size=1M --output=avail,size "$1" | tail -n 1
  du --block-size=1M --apparent-size "$2" 2> /dev/null | cut --fields 1 || echo 0
  du --block-size=1M "$2" 2> /dev/null | cut --fields 1 || echo 0
}

# lend_ballast FILE MIB and load_ballast FILE MIB run on PostgreSQL's host.
lend_ballast() {
  fallocate --punch-hole --length "$2M" "$1"
}

load_ballast() {
  fallocate --length "$2M" "$1"
}

on_postgres() {
  on_host "${POSTGRES_HOST_EXEC-}" "$@" < /dev/null
}

# held prints the inactive slot for which the most log is kept, and how many MiB that are.
held() {
  sql --field-separator ' ' << 'SQL'
SELECT slot_name, (pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) / 1048576)::bigint FROM pg_replication_slots
WHERE NOT active AND restart_lsn IS NOT NULL ORDER BY 2 DESC LIMIT 1
SQL
}

# serves tells whether the server takes writes, be the standby that other commits wait for there or not.
serves() {
  PGOPTIONS='-c synchronous_commit=local' accepts_writes "$PGDATABASE"
}

# protects_commits SLOT tells whether what reads from the slot keeps commits that are nowhere else.
protects_commits() {
  [[ $1 == "${WAL_SLOT:-wal_receiver}" || $1 == "${POSTGRES_STANDBY_NAME:-standby}" ]]
}

# has_room MIB tells whether as much is free.
has_room() {
  sql_once --command CHECKPOINT
  (($(on_postgres room "$POSTGRES_DATA_DIR" "$POSTGRES_BALLAST" | awk 'NR == 1 { print $1 }') >= $1))
}

step "diagnose the disk" 30
found=$(on_postgres room "$POSTGRES_DATA_DIR" "$POSTGRES_BALLAST" | paste -sd ' ')
read -r free size ballast taken <<< "$found"
fact free_mib "$free"
echo "$free of $size MiB are free; the ballast is of $ballast, and takes up $taken"
((ballast >= 32)) || fail "there is no ballast of 32 MiB or more at $POSTGRES_BALLAST" "make the disk larger; never remove anything in $POSTGRES_DATA_DIR by hand"
((taken < ballast || free * 20 < size)) || fail "the disk of $POSTGRES_DATA_DIR is not full" "run restart-postgres.sh"

step "make room to start in" 90
if ((taken < ballast)); then
  echo "an earlier run has lent the ballast's room"
else
  service stop "$postgres"
  on_postgres lend_ballast "$POSTGRES_BALLAST" "$ballast"
fi

step "start the server" 600
service start "$postgres"
wait_until 590 serves || fail "the server does not accept writes" "read its log; it recovers first, which takes its time"

step "drop the slot that keeps the log" 90
found=$(held)
read -r slot kept <<< "$found"
if ((${kept:-0} * 4 > size)); then
  echo "nobody reads from the slot $slot, for which $kept MiB of log are kept"
  ! protects_commits "$slot" ||
    fail "the log is kept for $slot, which protects commits" "start what reads from it and run this again; if that is lost for good, drop the slot by hand, make a new base backup or standby at once, and run this again"
  sql --set slot="$slot" <<< "SELECT pg_drop_replication_slot(:'slot')" > /dev/null
  fact dropped_slot "$slot"
else
  # An earlier run may have dropped it.
  wait_until 60 has_room "$((ballast + size / 8))" ||
    fail "no abandoned slot keeps the log" "see pg_stat_archiver for an archive that fails, and max_wal_size; the room that the ballast took does not last"
fi

step "limit what slots may keep" 30
# A standby that stays away for longer has to be built anew: that is better than a server that is down.
sql <<< "ALTER SYSTEM SET max_slot_wal_keep_size = '$((size / 8))MB'; SELECT pg_reload_conf();" > /dev/null

step "have the server remove its log" 300
wait_until 290 has_room "$((ballast + size / 8))" || fail "the log is still there" "see pg_replication_slots and pg_stat_archiver for what keeps it"

step "put the ballast back" 60
on_postgres load_ballast "$POSTGRES_BALLAST" "$ballast"

step "verify the server" 30
wait_until 25 accepts_writes || fail "the server does not accept writes" "see its log, and pg_stat_replication: commits may wait for a standby that is away"
found=$(on_postgres room "$POSTGRES_DATA_DIR" "$POSTGRES_BALLAST" | paste -sd ' ')
echo "free, size and ballast in MiB: $found"
