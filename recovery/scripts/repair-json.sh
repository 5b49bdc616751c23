#!/bin/bash
# Repairs run results that are not what the application wrote: repair-json.sh [latest-verified|NAME|TIME]
#
# A sound result is empty (the run has none yet) or a JSON object with a string under the key "output".
# Damaged rows are quarantined (status "corrupted", their agents disabled), get the result that a backup
# holds, and are released as they were. A row that the backup does not hold stays in quarantine.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
(($# <= 1)) || usage "repair-json.sh [latest-verified|NAME|TIME]"

# What is in quarantine, and how it was before, outlives a run that is cut off: the next one goes on with it.
readonly SIDE=cogitator_repair_json

# damaged COLUMN prints the SQL condition for a damaged result. IS JSON comes first: what is no JSON cannot
# be looked into, and of the JSON that jsonb cannot hold (\u0000) only that it is an object can be told.
damaged() {
  echo "($1 IS NOT NULL AND CASE
    WHEN NOT $1 IS JSON OBJECT THEN true
    WHEN NOT pg_input_is_valid($1, 'jsonb') THEN false
    ELSE jsonb_typeof($1::jsonb -> 'output') IS DISTINCT FROM 'string' END)"
}

drop_side() {
  sql << SQL
SET client_min_messages = warning;
DROP SCHEMA $SIDE CASCADE;
SQL
}

step "find the damaged results" 60
sql << SQL
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS $SIDE;
CREATE TABLE IF NOT EXISTS $SIDE.runs (id text PRIMARY KEY, agent_id text NOT NULL, status text NOT NULL, result text, restored boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS $SIDE.agents (id text PRIMARY KEY, enabled boolean NOT NULL);
SQL
found=$(sql --command "SELECT count(*) FROM runs WHERE $(damaged result)")
waiting=$(sql --command "SELECT count(*) FROM $SIDE.runs")
echo "$found damaged; $waiting in quarantine from before"
if ((found + waiting == 0)); then
  drop_side
  exit
fi

step "choose the backup" 120
choose_backup postgres "${1:-latest-verified}"

step "quarantine the damaged results" 30
sql << SQL
BEGIN;
INSERT INTO $SIDE.runs AS q (id, agent_id, status, result)
  SELECT id, agent_id, status, result FROM runs WHERE $(damaged result) FOR UPDATE
  -- Damaged once more since an earlier run: how it was before that one still counts.
  ON CONFLICT (id) DO UPDATE SET result = excluded.result, restored = false;
UPDATE runs SET status = 'corrupted' WHERE id IN (SELECT id FROM $SIDE.runs);
COMMIT;
SQL

step "disable the affected agents" 30
sql << SQL
BEGIN;
INSERT INTO $SIDE.agents SELECT id, enabled FROM agents WHERE id IN (SELECT agent_id FROM $SIDE.runs) FOR UPDATE ON CONFLICT DO NOTHING;
UPDATE agents SET enabled = false WHERE enabled AND id IN (SELECT id FROM $SIDE.agents);
COMMIT;
SELECT 'disabled ' || count(*) || ' agents' FROM $SIDE.agents;
SQL

step "load the backup's rows" 300
sql << SQL
SET client_min_messages = warning;
DROP TABLE IF EXISTS $SIDE.backup;
CREATE UNLOGGED TABLE $SIDE.backup (LIKE runs);
SQL
load_table_from_dump runs "$SIDE.backup" || fail "the backup's rows cannot be read" "see the message above; the damaged rows are in quarantine"

step "restore the damaged results" 60
# A result that somebody else has changed since it was quarantined is not ours to overwrite.
sql << SQL
BEGIN;
WITH restored AS (
  UPDATE runs r SET result = b.result FROM $SIDE.runs q JOIN $SIDE.backup b USING (id)
  WHERE r.id = q.id AND r.result = q.result AND b.result IS NOT NULL AND NOT $(damaged b.result)
  RETURNING r.id, b.status AS backup_status)
UPDATE $SIDE.runs q SET restored = true,
       status = CASE q.status WHEN 'corrupted' THEN restored.backup_status ELSE q.status END
  FROM restored WHERE restored.id = q.id;
-- Repaired otherwise, or restored by a run that was cut off before the release.
UPDATE $SIDE.runs q SET restored = true FROM runs r WHERE r.id = q.id AND NOT $(damaged r.result);
COMMIT;
SELECT 'restored ' || count(*) || ' results' FROM $SIDE.runs WHERE restored;
SQL

step "verify the results" 60
left=$(sql --command "SELECT count(*) FROM runs r WHERE $(damaged result) AND NOT EXISTS (SELECT FROM $SIDE.runs q WHERE q.id = r.id AND NOT restored)")
((left == 0)) || fail "$left results are damaged and not in quarantine" "something still damages results: stop it, and run this again"

step "release the restored runs" 30
sql << SQL
BEGIN;
UPDATE runs r SET status = q.status FROM $SIDE.runs q WHERE r.id = q.id AND q.restored;
DELETE FROM $SIDE.runs WHERE restored;
-- An agent with a run still in quarantine stays disabled.
WITH released AS (DELETE FROM $SIDE.agents WHERE id NOT IN (SELECT agent_id FROM $SIDE.runs) RETURNING id, enabled)
UPDATE agents a SET enabled = released.enabled FROM released WHERE a.id = released.id;
DROP TABLE $SIDE.backup;
COMMIT;
SQL
lost=$(sql --command "SELECT id FROM $SIDE.runs ORDER BY id")
[[ -z $lost ]] || fail "not in the backup, or damaged there too: ${lost//$'\n'/ }" "these runs stay in quarantine and their agents disabled; name an older backup, or repair them by hand, and run this again"
drop_side
