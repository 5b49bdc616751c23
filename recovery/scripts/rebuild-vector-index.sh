#!/bin/bash
# Rebuilds the index over embeddings while readers and writers go on: rebuild-vector-index.sh
#
# An index that misses rows, or was built badly, answers without an error. It is compared with an exact scan, rebuilt
# beside the old one, and compared again. What failed rebuilds left behind is dropped: each write pays for it.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
(($# == 0)) || usage "rebuild-vector-index.sh"
readonly INDEX=memory_vectors_embedding_idx
# How many rows are looked up, and how many of them an index has to find, in percent: an index over vectors is never exact.
readonly SAMPLE=100 ENOUGH=${VECTOR_RECALL_PERCENT:-80}

# leftovers prints the invalid indexes that concurrent builds of the index have left, by their full names.
leftovers() {
  sql --command "SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE indrelid = 'memory_vectors'::regclass AND NOT indisvalid AND relname ~ '^${INDEX}_cc(new|old)[0-9]*\$'"
}

index_state() {
  sql --command "SELECT coalesce((SELECT CASE WHEN indisvalid AND indisready THEN 'valid' ELSE 'invalid' END FROM pg_index WHERE indexrelid = to_regclass('$INDEX')), 'absent')"
}

# found prints how many of the sampled rows, in percent, the index finds by their own embedding. Each is its own nearest neighbour.
found() {
  sql << SQL
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT coalesce(round(100.0 * count(*) FILTER (WHERE EXISTS (
         SELECT FROM (SELECT n.id FROM memory_vectors n ORDER BY n.embedding <=> v.embedding LIMIT 10) near WHERE near.id = v.id)) / nullif(count(*), 0)), 100)
FROM (SELECT id, embedding FROM memory_vectors ORDER BY hashtext(id) LIMIT $SAMPLE) v;
SQL
}

step "examine the index" 120
state=$(index_state)
left=$(leftovers)
echo "index $state; left by failed rebuilds: ${left:-nothing}"
[[ $state != absent ]] || fail "$INDEX is not there" "restore its definition with repair-vectors.sh"
share=$(found) || share="none: it gives errors, not"
echo "the index finds $share % of $SAMPLE rows"

step "drop what failed rebuilds left" 120
for name in $left; do
  sql --command "DROP INDEX CONCURRENTLY $name"
  echo "dropped $name"
done

step "rebuild the index beside the old one" 600
# The build is several times as fast when the index fits into memory.
sql --command "SET maintenance_work_mem = '${VECTOR_BUILD_MEMORY:-512MB}'" --command "REINDEX INDEX CONCURRENTLY $INDEX" ||
  fail "the index is not rebuilt" "see the message above: run this again, which drops what it left. Long transactions hold it up: see pg_stat_activity"

step "verify the index" 120
[[ $(index_state) == valid ]] || fail "the index is $(index_state)" "run this again"
left=$(leftovers)
[[ -z $left ]] || fail "the rebuild left $left" "run this again"
share=$(found)
fact found_percent "$share"
((share >= ENOUGH)) || fail "the index finds $share % of $SAMPLE rows" "raise m and ef_construction in its definition; compare its operator class with the one that the queries use"
