#!/bin/bash
# Repairs embeddings of the wrong dimension and the index over them: repair-vectors.sh [latest-verified|NAME|TIME]
#
# Wrong embeddings get the value that a backup holds. A row that the backup does not hold is moved into
# quarantine, since the column cannot get its type back, nor the index be built, while it is there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
(($# <= 1)) || usage "repair-vectors.sh [latest-verified|NAME|TIME]"
readonly DIMENSIONS=1536
readonly INDEX=memory_vectors_embedding_idx
readonly SIDE=cogitator_repair_vectors
readonly WRONG="vector_dims(embedding) IS DISTINCT FROM $DIMENSIONS"

column_type() {
  sql --command "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'memory_vectors'::regclass AND attname = 'embedding'"
}

# index_state prints valid, invalid or absent.
index_state() {
  sql --command "SELECT coalesce((SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index WHERE indexrelid = to_regclass('$INDEX')), 'absent')"
}

# index_definition prints the backup's statement that creates the index, in the form that lets writers go on.
index_definition() {
  pg_restore --schema-only --index "$INDEX" --file - "$CHOSEN/database.dump" |
    sed -n 's/^CREATE INDEX /CREATE INDEX CONCURRENTLY /p'
}

# uses_index tells whether the planner can answer a nearest-neighbour query from the index.
uses_index() {
  sql << SQL | grep --quiet --fixed-strings "$INDEX"
SET enable_seqscan = off;
EXPLAIN SELECT id FROM memory_vectors ORDER BY embedding <=> (SELECT embedding FROM memory_vectors LIMIT 1) LIMIT 10;
SQL
}

step "find the wrong embeddings" 60
sql << SQL
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS $SIDE;
CREATE TABLE IF NOT EXISTS $SIDE.quarantine (LIKE memory_vectors);
SQL
found=$(sql --command "SELECT count(*) FROM memory_vectors WHERE $WRONG")
type=$(column_type)
index=$(index_state)
echo "$found wrong; column $type; index $index"

step "choose the backup" 120
choose_backup postgres "${1:-latest-verified}"

step "load the backup's rows" 300
sql << SQL
SET client_min_messages = warning;
DROP TABLE IF EXISTS $SIDE.backup;
CREATE UNLOGGED TABLE $SIDE.backup (LIKE memory_vectors);
SQL
if ((found > 0)); then
  load_table_from_dump memory_vectors "$SIDE.backup" || fail "the backup's rows cannot be read" "see the message above; no embedding has been changed"
fi

step "restore the wrong embeddings" 120
sql << SQL
BEGIN;
WITH restored AS (
  UPDATE memory_vectors v SET embedding = b.embedding FROM $SIDE.backup b
  WHERE v.id = b.id AND vector_dims(v.embedding) IS DISTINCT FROM $DIMENSIONS AND vector_dims(b.embedding) = $DIMENSIONS
  RETURNING v.id)
SELECT 'restored ' || count(*) || ' embeddings' FROM restored;
WITH moved AS (DELETE FROM memory_vectors WHERE $WRONG RETURNING *)
INSERT INTO $SIDE.quarantine SELECT * FROM moved;
DROP TABLE $SIDE.backup;
COMMIT;
SQL

step "restore the column's type" 120
if [[ $type != "vector($DIMENSIONS)" ]]; then
  # The index of another type would be rebuilt under the lock, with everybody waiting.
  sql << SQL || fail "the column is not vector($DIMENSIONS)" "see the message above; if wrong embeddings keep coming, stop their writer and run this again"
SET client_min_messages = warning;
SET lock_timeout = '30s';
DROP INDEX CONCURRENTLY IF EXISTS $INDEX;
ALTER TABLE memory_vectors ALTER COLUMN embedding TYPE vector($DIMENSIONS);
SQL
  index=absent
fi

step "rebuild the index" 600
# Rebuilding beside the old index leaves half-built ones behind when it is cut off.
sql << SQL
SET client_min_messages = warning;
DROP INDEX CONCURRENTLY IF EXISTS ${INDEX}_ccnew;
DROP INDEX CONCURRENTLY IF EXISTS ${INDEX}_ccold;
SQL
if [[ $index == valid ]]; then
  sql --command "REINDEX INDEX CONCURRENTLY $INDEX"
else
  definition=$(index_definition)
  [[ -n $definition ]] || fail "the backup does not define $INDEX" "name a backup that does, and run this again"
  sql << SQL
SET client_min_messages = warning;
DROP INDEX CONCURRENTLY IF EXISTS $INDEX;
$definition
SQL
fi

step "verify the vectors" 60
left=$(sql --command "SELECT count(*) FROM memory_vectors WHERE $WRONG")
((left == 0)) || fail "$left embeddings are wrong" "something still writes them: stop it, and run this again"
[[ $(column_type) == "vector($DIMENSIONS)" ]] || fail "the column is $(column_type)" "run this again"
[[ $(index_state) == valid ]] || fail "the index is $(index_state)" "run this again"
uses_index || fail "nearest-neighbour queries do not use $INDEX" "compare its operator class with the one that the queries use"

lost=$(sql --command "SELECT id FROM $SIDE.quarantine ORDER BY id")
[[ -z $lost ]] || fail "not in the backup, or wrong there too: ${lost//$'\n'/ }" \
  "these rows were moved to $SIDE.quarantine: embed their content anew, put them back, and drop that schema"
sql << SQL
SET client_min_messages = warning;
DROP SCHEMA $SIDE CASCADE;
SQL
