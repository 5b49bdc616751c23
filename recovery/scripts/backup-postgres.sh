#!/bin/bash
# Backs up the database and the roles of its server. The dump, its row counts and its position are of one
# moment; the backup gets its name when all of it is on disk and reads back, and not before.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE

# dump_snapshot dumps the database into WORK and prints the backup's manifest as JSON; nothing when pg_dump
# fails. One session holds the snapshot from its first moment until the rows of all tables are counted.
dump_snapshot() {
  export WORK
  sql << 'SQL'
SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS snapshot_at,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS wal_lsn \gset
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --no-password --format custom --compress zstd:1 --lock-wait-timeout 30s --snapshot "$SNAPSHOT" --file "$WORK/database.dump"
\if :SHELL_ERROR
  \quit
\endif
SELECT json_build_object(
  'snapshotAt', :'snapshot_at', 'walLsn', :'wal_lsn',
  'serverVersion', current_setting('server_version'), 'database', current_database(),
  'rows', (
    SELECT coalesce(json_object_agg(format('%I.%I', nspname, relname),
             (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text::bigint), '{}')
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')));
SQL
}

step "dump the database" 600
begin_backup postgres
manifest=$(dump_snapshot) || fail "no dump of $PGDATABASE at $PGHOST" "see the message above; restart-postgres.sh when the server is down"
[[ -n $manifest ]] || fail "pg_dump failed" "see its message above; mind the free space under $BACKUP_DIR"

step "dump the roles" 60
pg_dumpall --no-password --globals-only --file "$WORK/globals.sql" ||
  fail "no dump of the roles" "see the message above; reading passwords of roles takes a superuser"

step "verify the dump" 600
pg_restore --file /dev/null "$WORK/database.dump" || fail "the dump does not read back" "check the disk under $BACKUP_DIR, and run this again"
grep --quiet 'database cluster dump complete' "$WORK/globals.sql" || fail "the dump of the roles is cut off" "run this again"

step "publish the backup" 120
publish_backup postgres "$manifest"

step "remove old backups" 60
expire_backups postgres
