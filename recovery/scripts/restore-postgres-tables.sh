#!/bin/bash
# Brings back what a DELETE, TRUNCATE or DROP took of some tables: restore-postgres-tables.sh WHICH TABLE…
#
# WHICH is the base backup: latest-verified, a name, or a time before the mistake. A side instance beside the
# streamed log replays it up to just before the transaction that did it, which is found in the log, and nobody
# writes down times. Only the tables named are brought back from there, into the live database: all else, and
# what was written into them since, stays as it is.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE WAL_DIR
(($# >= 2)) || usage "restore-postgres-tables.sh latest-verified|NAME|TIME TABLE…"
for table in "${@:2}"; do
  [[ $table =~ ^[a-z_][a-z0-9_]*$ ]] || usage "a table of the schema public, such as audit_logs; not $table"
done
readonly SCHEMA=cogitator_rewind

# rewind WAL-DIR FROM START USER DATABASE TABLE… runs on the receiver's host, with the archive of a base backup on
# standard input. It prints an archive of a dump for each table; what it has to say goes to standard error.
rewind() {
  local wal=$1 from=$2 start=$3 table at
  exec 3>&1 1>&2
  export PGUSER=$4 PGDATABASE=$5
  shift 5
  SIDE=$(mktemp --directory)
  export PGHOST=$SIDE
  trap 'stop_side; rm -rf "$SIDE"' EXIT

  step "make a side instance" 3600
  make_side "$wal" "$from" "$start"
  start_side 'recovery_target=immediate'

  step "find the mistakes" 1800
  for table; do
    echo "$table $(sql --command "SELECT pg_relation_filepath(c) || ' ' || c::oid FROM to_regclass('public.$table') AS c")"
  done > "$SIDE/files"
  stop_side
  find_mistakes "$start" | sort > "$SIDE/mistakes"
  cat "$SIDE/mistakes"
  for table; do
    grep --quiet " $table\$" "$SIDE/mistakes" ||
      fail "nothing was deleted from $table, nor was it dropped, since the base backup" "name an older base backup, by a time before the mistake"
  done

  step "replay up to the mistakes" 1800
  while read -r at table; do
    echo "$table: up to just before $at"
    start_side "recovery_target_lsn=$(sed -E 's,^0*([0-9A-F]+)/0*,\1/,' <<< "$at")" recovery_target_inclusive=off
    pg_dump --no-password --lock-wait-timeout 30s --format custom --table "public.$table" --file "$SIDE/dumps/$table.dump"
    stop_side
  done < "$SIDE/mistakes"
  tar --create --directory "$SIDE/dumps" . >&3
}

# make_side WAL-DIR FROM START unpacks the base backup, puts the log where the server looks for it, and links it for reading.
make_side() {
  local name
  mkdir "$SIDE"/{data,log,dumps}
  chmod 0700 "$SIDE/data"
  tar --extract --ignore-zeros --directory "$SIDE/data"
  pg_verifybackup --no-parse-wal --quiet "$SIDE/data" || fail "the base backup arrived damaged" "run this again; mind the free space under ${SIDE%/*}"
  for name in $(wal_files "$1" "$2"); do
    copy_segment "$1" "$name" "$SIDE/data/pg_wal/${name%.partial}"
  done
  find "$1" -maxdepth 1 -name '*.history' -exec cp --target-directory "$SIDE/data/pg_wal" {} +
  link_wal "$SIDE/data/pg_wal" "$2" "$SIDE/log"
  require_whole_log "$SIDE/log" "$2"
  last_record "$SIDE/log" "$3" > /dev/null
  # Nobody but us gets in, and it waits for nobody.
  cat >> "$SIDE/data/postgresql.auto.conf" << CONF
listen_addresses = ''
unix_socket_directories = '$SIDE'
hba_file = '$SIDE/hba'
synchronous_standby_names = ''
hot_standby = on
restore_command = 'false'
recovery_target_timeline = '$((16#$TIMELINE))'
recovery_target_action = 'pause'
CONF
  echo 'local all all trust' > "$SIDE/hba"
  touch "$SIDE/data/recovery.signal"
  chown --recursive postgres:postgres "$SIDE"
  # The server throws log away that it needs no more.
  cp --recursive --dereference "$SIDE/log" "$SIDE/wal"
}

# start_side SETTING… replays up to a target, and waits there.
start_side() {
  local options
  options=$(printf -- '-c %s ' "$@")
  as_postgres pg_ctl --pgdata "$SIDE/data" --log "$SIDE/server.log" --wait --timeout 1700 --options "$options" start > /dev/null ||
    give_up "the side instance does not start"
  wait_until 1700 is_through || give_up "the side instance does not get there"
  is_paused || give_up "the side instance has ended"
}

is_paused() {
  [[ $(sql_once --command 'SELECT pg_get_wal_replay_pause_state()') == paused ]]
}

is_through() {
  is_paused || ! as_postgres pg_ctl --pgdata "$SIDE/data" status > /dev/null
}

stop_side() {
  if as_postgres pg_ctl --pgdata "$SIDE/data" status > /dev/null 2>&1; then
    as_postgres pg_ctl --pgdata "$SIDE/data" --wait --mode fast stop > /dev/null
  fi
}

give_up() {
  tail -n 5 "$SIDE/server.log" >&2
  fail "$1" "see its log above; the live database has not been touched"
}

as_postgres() {
  setpriv --reuid postgres --regid postgres --init-groups "$@"
}

# find_mistakes START prints for each table in SIDE/files the position, padded, to stop before; nothing where there is none.
# Of the transaction that took the most rows it is the commit: until then others have written. One that took the table had
# locked everybody out, and a server that has replayed the lock keeps us out too: there it is the lock.
find_mistakes() {
  # It ends with an error where the log ends.
  { pg_waldump --path "$SIDE/wal" --timeline "$((16#$TIMELINE))" --start "$1" --rmgr Heap --rmgr Standby --rmgr Transaction 2> /dev/null || true; } |
    awk '
      FILENAME == ARGV[1] { table[$2] = $1; oid[$1] = $3; split($2, path, "/"); rel[path[2] "/" path[3]] = $1; next }
      { tx = $0; sub(/.* tx: */, "", tx); sub(/,.*/, "", tx); lsn = $0; sub(/.* lsn: /, "", lsn); sub(/,.*/, "", lsn) }
      / desc: LOCK / {
        n = split($0, word, " ")
        for (i = 1; i < n; i++) if (word[i] == "xid" && !((word[i + 1], word[i + 5]) in lock)) lock[word[i + 1], word[i + 5]] = lsn
      }
      / desc: DELETE / {
        if (match($0, /rel [0-9]+\/[0-9]+\/[0-9]+ /)) {
          split(substr($0, RSTART + 4, RLENGTH - 5), path, "/")
          if ((path[2] "/" path[3]) in rel) deleted[tx, rel[path[2] "/" path[3]]]++
        }
      }
      / desc: COMMIT / {
        parts = tx; taken = ""
        n = split($0, part, ";")
        for (i = 1; i <= n; i++) {
          if (part[i] ~ /^ *subxacts:/) { sub(/^ *subxacts:/, "", part[i]); parts = parts " " part[i] }
          if (part[i] ~ /^ *rels:/) { sub(/^ *rels:/, "", part[i]); taken = part[i] }
        }
        n = split(parts, part, " ")
        files = split(taken, file, " ")
        for (f = 1; f <= files; f++) if (file[f] in table) {
          name = table[file[f]]; at[name] = lsn; most[name] = 1e18
          for (i = n; i >= 1; i--) if ((part[i], oid[name]) in lock) at[name] = lock[part[i], oid[name]]
        }
        for (t in table) {
          count = 0
          for (i = 1; i <= n; i++) count += deleted[part[i], table[t]]
          if (count > most[table[t]]) { at[table[t]] = lsn; most[table[t]] = count }
        }
      }
      END {
        for (t in at) {
          split(at[t], half, "/")
          line = sprintf("%8s/%8s", half[1], half[2])
          gsub(/ /, "0", line)
          print line, t
        }
      }' "$SIDE/files" -
}

# bring_back TABLE brings a table back from its dump: whole where it is gone, or else the rows that are not there.
bring_back() {
  local dump=$SCRATCH/$1.dump
  if [[ $(sql --command "SELECT to_regclass('public.$1') IS NULL") == t ]]; then
    pg_restore --no-password --exit-on-error --single-transaction --dbname "$PGDATABASE" "$dump" ||
      fail "$1 is not restored" "see the message above, and run this again for the tables that are missing"
    echo "$1: restored with $(sql --command "SELECT count(*) FROM public.$1") rows"
    return
  fi
  [[ $(sql --command "SELECT count(*) FROM pg_constraint WHERE conrelid = 'public.$1'::regclass AND contype = 'p'") == 1 ]] ||
    fail "$1 has no primary key" "the rows that are there cannot be told from those that are missing: compare them by hand"
  sql << SQL
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS $SCHEMA;
DROP TABLE IF EXISTS $SCHEMA.$1;
CREATE UNLOGGED TABLE $SCHEMA.$1 (LIKE public.$1);
SQL
  load_table_from_dump "$1" "$SCHEMA.$1" "$dump" || fail "the rows of $1 cannot be read" "see the message above; the table has not been changed"
  sql << SQL
WITH back AS (
  INSERT INTO public.$1 OVERRIDING SYSTEM VALUE SELECT * FROM $SCHEMA.$1 ON CONFLICT DO NOTHING RETURNING 1)
SELECT '$1: ' || count(*) || ' rows brought back' FROM back;
SQL
}

step "choose the base backup" 600
choose_backup postgres-base "$1"
read -r from start < <(manifest_value '"\(.startSegment) \(.startLsn)"')

make_scratch
{
  zstd --decompress --stdout --quiet "$CHOSEN/base.tar.zst"
  tar --create --directory "$CHOSEN" backup_manifest
} | on_host "${WAL_HOST_EXEC-}" rewind "$WAL_DIR" "$from" "$start" "$PGUSER" "$PGDATABASE" "${@:2}" > "$SCRATCH/dumps.tar"

step "bring the tables back" 1800
tar --extract --directory "$SCRATCH" --file "$SCRATCH/dumps.tar"
for table in "${@:2}"; do
  bring_back "$table"
done

step "gather statistics" 300
sql --command "SET client_min_messages = warning; DROP SCHEMA IF EXISTS $SCHEMA CASCADE"
for table in "${@:2}"; do
  sql --command "ANALYZE public.$table"
done
