#!/bin/bash
# Restores the database and its roles from a backup: restore-postgres.sh [latest-verified|NAME|TIME]
#
# The restore goes into a database of another name, is checked there, and takes the real name in one
# transaction. Clients never find a half-restored database, and a run that was cut off can be repeated.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
(($# <= 1)) || usage "restore-postgres.sh [latest-verified|NAME|TIME]"
postgres=${POSTGRES_SERVICE:-postgres}
readonly RESTORING=${PGDATABASE}_restoring
# A database that every server has, to work from while the others are made and renamed.
readonly HOME_DATABASE=postgres

admin() {
  sql --dbname "$HOME_DATABASE" --set live="$PGDATABASE" --set restoring="$RESTORING" "$@"
}

# roles prints the dump of the roles in a form that does not stumble over those that exist: they are altered only.
roles() {
  # shellcheck disable=SC2016 # the dollars are SQL's quotes
  sed -E 's/^CREATE ROLE (.+);$/DO $do$ BEGIN IF to_regrole($role$\1$role$) IS NULL THEN CREATE ROLE \1; END IF; END $do$;/' "$CHOSEN/globals.sql"
}

# database_definition prints the statements that make the database of the dump, with its locale, owner,
# settings and grants, under the name for restoring. pg_restore alone would leave them out.
database_definition() {
  local dump=$CHOSEN/database.dump names
  names=$(admin --set name="$(manifest_value .database)" --field-separator $'\t' <<< "SELECT quote_ident(:'name'), quote_ident(:'restoring')")
  pg_restore --create --file - "$dump" --use-list <(pg_restore --create --list "$dump" |
    grep -E '^[0-9]+; [0-9]+ [0-9]+ (DATABASE|DATABASE PROPERTIES|(ACL|COMMENT) - DATABASE) ') |
    awk -v old=" DATABASE ${names%$'\t'*}" -v new=" DATABASE ${names#*$'\t'}" '
      /^\\/ { next }
      /^(CREATE|ALTER|GRANT|REVOKE|COMMENT) / && (at = index($0, old)) { $0 = substr($0, 1, at - 1) new substr($0, at + length(old)) }
      { print }'
}

make_database() {
  admin <<< 'SET client_min_messages = warning; DROP DATABASE IF EXISTS :"restoring" WITH (FORCE);'
  database_definition | admin > /dev/null
}

# differences prints what the restored database lacks of the backup: its tables, its indexes, each table's rows.
differences() {
  local list
  list=$(pg_restore --list "$CHOSEN/database.dump")
  sql --dbname "$RESTORING" --set rows="$(manifest_value .rows)" \
    --set tables="$(grep --count -E '; 1259 [0-9]+ TABLE ' <<< "$list")" \
    --set indexes="$(grep --count -E '; 1259 [0-9]+ INDEX ' <<< "$list")" << 'SQL'
CREATE TEMP VIEW ours AS
  SELECT c.oid, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
SELECT format('%s tables of %s', count(*), :tables) FROM ours WHERE relkind IN ('r', 'p') HAVING count(*) <> :tables;
SELECT format('%s indexes of %s', count(*), :indexes) FROM ours JOIN pg_index ON indexrelid = oid
  WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) HAVING count(*) <> :indexes;
SELECT format('index %s is invalid', indexrelid::regclass) FROM pg_index WHERE NOT indisvalid;
SELECT format('%s: %s rows of %s', key, n, value)
  FROM json_each_text(:'rows'),
       CAST((xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || key, false, true, '')))[1]::text AS bigint) AS n
  WHERE n <> value::bigint;
SQL
}

# swap_databases gives the restored database the real name. Renaming takes a database without sessions,
# so the old one lets nobody in from here on: its clients wait for nothing but the two renamings.
swap_databases() {
  admin --set before="$BEFORE" << 'SQL' > /dev/null
SELECT EXISTS (SELECT FROM pg_database WHERE datname = :'live') AS is_there \gset
\if :is_there
  ALTER DATABASE :"live" ALLOW_CONNECTIONS false;
  SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :'live';
\endif
BEGIN;
\if :is_there
  ALTER DATABASE :"live" RENAME TO :"before";
\endif
ALTER DATABASE :"restoring" RENAME TO :"live";
COMMIT;
SQL
}

# let_clients_in undoes what a swap that failed has left.
let_clients_in() {
  admin <<< 'ALTER DATABASE :"live" ALLOW_CONNECTIONS true;' || true
}

# put_aside keeps the database that was there before, unless it is the empty one of a fresh server.
put_aside() {
  local tables
  [[ $(admin --set before="$BEFORE" <<< "SELECT 1 FROM pg_database WHERE datname = :'before'") == 1 ]] || return 0
  admin --set before="$BEFORE" <<< 'ALTER DATABASE :"before" ALLOW_CONNECTIONS true;'
  tables=$(sql --dbname "$BEFORE" --command "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
  if ((tables == 0)); then
    admin --set before="$BEFORE" <<< 'DROP DATABASE :"before" WITH (FORCE);'
  else
    echo "the database that was there is kept as $BEFORE: drop it when nobody needs it"
  fi
}

step "choose the backup" 120
choose_backup postgres "${1:-latest-verified}"

step "start the server" 90
is_active "$postgres" || service start "$postgres"

step "wait until the server accepts writes" 180
wait_until 170 accepts_writes "$HOME_DATABASE" ||
  fail "the server does not accept writes" "read its log; a damaged data directory has to be moved away first, so that the server starts on an empty one"

step "restore the roles" 30
roles | admin > /dev/null || fail "the roles are not restored" "see the message above; $PGUSER must be a superuser"

step "restore the dump into a new database" 600
make_database || fail "cannot make the database $RESTORING" "see the message above; the dump's locale must exist on this server"
pg_restore --no-password --exit-on-error --jobs 2 --dbname "$RESTORING" "$CHOSEN/database.dump" ||
  fail "the dump is not restored" "see the message above; $PGDATABASE itself has not been touched"

step "check the restored database" 120
lacks=$(differences)
[[ -z $lacks ]] || fail "the restored database is not what was dumped: $lacks" "choose another backup; $PGDATABASE itself has not been touched"

step "swap the databases" 30
BEFORE=${PGDATABASE}_before_$(date +%Y%m%dt%H%M%S)
if ! swap_databases; then
  let_clients_in
  fail "the databases are not swapped" "see the message above, and run this again"
fi

step "gather statistics" 120
sql --command ANALYZE

step "put the old database aside" 30
put_aside
wait_until 5 accepts_writes || fail "$PGDATABASE does not accept writes" "see the server's log"
