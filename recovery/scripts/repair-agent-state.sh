#!/bin/bash
# Repairs agents, runs and memory that contradict each other: repair-agent-state.sh [latest-verified|NAME|TIME]
#
# The playbook names the symptom and no query: inconsistencies below has one for each kind. What a row was is kept before it
# is changed. The truth comes from the backup where that has it: rows that others refer to and that are gone, references, and
# runs that were over when it was made. Else a run's own columns tell, where the application's statements leave no other way
# to them. What refers to nothing that is known is moved into quarantine; a run of which nothing tells is taken out of work
# (status "corrupted") and named. Nothing is made up.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE
(($# <= 1)) || usage "repair-agent-state.sh [latest-verified|NAME|TIME]"

readonly SIDE=cogitator_repair_state
readonly TABLES="'agents', 'runs', 'run_steps', 'step_effects', 'memory_vectors'"

# contradiction RUN prints the SQL of what is wrong with a run by itself; null when nothing is. The application writes the
# result in the statement that completes a run, and a worker in the one that begins it.
contradiction() {
  echo "CASE
    WHEN $1.status = 'corrupted' THEN NULL
    WHEN $1.updated_at < $1.created_at THEN 'ended_before_begun'
    WHEN $1.status = 'completed' AND $1.result IS NULL THEN 'completed_without_result'
    WHEN $1.status <> 'completed' AND $1.result IS NOT NULL THEN 'result_without_end'
    WHEN $1.status = 'running' AND ($1.worker IS NULL OR $1.attempts = 0) THEN 'running_without_worker' END"
}

# inconsistencies prints the query for what is wrong: kind, table and key.
inconsistencies() {
  cat << SQL
SELECT 'runs_without_agent', 'runs', id FROM runs r WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = r.agent_id)
UNION ALL
SELECT 'vectors_without_agent', 'memory_vectors', id FROM memory_vectors v WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = v.agent_id)
UNION ALL
SELECT 'steps_without_run', 'run_steps', run_id || '/' || step FROM run_steps s WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = s.run_id)
UNION ALL
SELECT 'effects_without_run', 'step_effects', concat_ws('/', run_id, step, attempt) FROM step_effects e
  WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = e.run_id)
UNION ALL
SELECT $(contradiction r), 'runs', id FROM runs r WHERE $(contradiction r) IS NOT NULL
UNION ALL
-- A run that does not say how many steps it had is not counted.
SELECT 'steps_miscounted', 'runs', id FROM runs r LEFT JOIN (SELECT run_id, count(*) AS n FROM run_steps GROUP BY run_id) s ON s.run_id = r.id
  WHERE r.status = 'completed' AND coalesce(s.n, 0) <>
    CASE WHEN pg_input_is_valid(r.result, 'jsonb') THEN
      CASE WHEN jsonb_typeof(r.result::jsonb -> 'steps') = 'number' THEN (r.result::jsonb ->> 'steps')::numeric END END
UNION ALL
-- Left by an earlier run of this script, which may have had a backup that did not hold it.
SELECT DISTINCT 'not_restored', 'runs', r.id FROM runs r JOIN $SIDE.evidence e ON e.relation = 'runs' AND e.key = r.id AND e.repair = 'not restored'
  WHERE r.status = 'corrupted'
SQL
}

# load TABLE WANTED copies the backup's rows into the side schema, or none where WANTED is empty.
load() {
  sql << SQL
SET client_min_messages = warning;
DROP TABLE IF EXISTS $SIDE.$1;
CREATE UNLOGGED TABLE $SIDE.$1 (LIKE $1);
SQL
  [[ -z $2 ]] || load_table_from_dump "$1" "$SIDE.$1" || fail "the backup's rows cannot be read" "see the message above; no row has been changed"
  sql --command "ANALYZE $SIDE.$1"
}

# backup_keys prints the foreign keys that the backup defines: table, name, and the statement that adds one without looking at rows.
backup_keys() {
  pg_restore --section post-data --schema public --file - "$CHOSEN/database.dump" |
    awk '/^ALTER TABLE ONLY public\./ { table = $4; next }
         / ADD CONSTRAINT .* FOREIGN KEY / { sub(/^ +/, ""); sub(/;$/, ""); sub(/ NOT VALID$/, ""); print table, $3, "ALTER TABLE " table " " $0 " NOT VALID" }'
}

# ours prints the SQL condition for a foreign key of the tables, whose row of pg_constraint is c.
ours() {
  echo "c.contype = 'f' AND c.conrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ($TABLES))"
}

# off prints the query for the triggers of foreign keys that do not fire: table and trigger.
off() {
  echo "SELECT t.tgrelid::regclass AS relation, t.tgname AS name FROM pg_trigger t JOIN pg_constraint c ON c.oid = t.tgconstraint
    WHERE $(ours) AND t.tgenabled NOT IN ('O', 'A')"
}

# repaired HOW prints how many rows this script has repaired in that way.
repaired() {
  sql --command "SELECT count(*) FROM $SIDE.evidence WHERE repair = '$1' AND at >= '$BEGAN'"
}

step "find the inconsistent rows" 120
BEGAN=$(sql --command 'SELECT now()')
sql << SQL
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS $SIDE;
CREATE TABLE IF NOT EXISTS $SIDE.evidence (
  at timestamptz NOT NULL DEFAULT now(), relation text NOT NULL, key text NOT NULL, repair text NOT NULL, was jsonb);
CREATE OR REPLACE VIEW $SIDE.inconsistent (kind, relation, key) AS $(inconsistencies);
SQL
found=$(sql --field-separator ' ' --command "SELECT kind, count(*) FROM $SIDE.inconsistent GROUP BY kind ORDER BY kind")
while read -r kind count; do
  [[ -z $kind ]] || fact "found_$kind" "$count"
done <<< "$found"

step "choose the backup" 120
choose_backup postgres "${1:-latest-verified}"

step "load the backup's rows" 600
for table in agents runs run_steps; do
  load "$table" "$found"
done
# Embeddings are large, and seldom needed: where the agent comes back they are right.
load memory_vectors "$(sql --command "SELECT id FROM memory_vectors v WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = v.agent_id)
  AND NOT EXISTS (SELECT FROM $SIDE.agents a WHERE a.id = v.agent_id) LIMIT 1")"

step "repair the rows" 600
# All of it or nothing: nobody sees an agent without its runs, nor works on a run that is about to be restored.
sql << SQL || fail "the rows are not repaired" "see the message above; no row has been changed"
SET client_min_messages = warning;
BEGIN;
-- Whoever is changing such a row is waited for: it may be right by then.
SELECT count(*) || ' runs contradict themselves or others'
  FROM (SELECT FROM runs WHERE id IN (SELECT key FROM $SIDE.inconsistent WHERE relation = 'runs') FOR UPDATE) AS held;
SELECT count(*) || ' embeddings do'
  FROM (SELECT FROM memory_vectors WHERE id IN (SELECT key FROM $SIDE.inconsistent WHERE relation = 'memory_vectors') FOR UPDATE) AS held;

-- What others refer to. A run that was not over when the backup was made is not known to have ended as it was then.
CREATE TEMP TABLE lost_runs ON COMMIT DROP AS
  SELECT b.* FROM $SIDE.runs b WHERE b.id IN (SELECT run_id FROM run_steps UNION SELECT run_id FROM step_effects)
    AND NOT EXISTS (SELECT FROM runs r WHERE r.id = b.id);
UPDATE lost_runs b SET status = 'corrupted' WHERE b.status NOT IN ('completed', 'failed') OR $(contradiction b) IS NOT NULL;
WITH done AS (
  INSERT INTO agents SELECT b.* FROM $SIDE.agents b WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = b.id) AND b.id IN (
    SELECT agent_id FROM runs UNION SELECT agent_id FROM memory_vectors UNION SELECT agent_id FROM lost_runs
    UNION SELECT r.agent_id FROM $SIDE.runs r JOIN $SIDE.inconsistent i ON i.relation = 'runs' AND i.key = r.id
    UNION SELECT v.agent_id FROM $SIDE.memory_vectors v JOIN $SIDE.inconsistent i ON i.relation = 'memory_vectors' AND i.key = v.id)
  ON CONFLICT DO NOTHING RETURNING id)
INSERT INTO $SIDE.evidence (relation, key, repair) SELECT 'agents', id, 'brought back' FROM done;
WITH done AS (INSERT INTO runs SELECT * FROM lost_runs WHERE agent_id IN (SELECT id FROM agents) ON CONFLICT DO NOTHING RETURNING id, status)
INSERT INTO $SIDE.evidence (relation, key, repair)
  SELECT 'runs', id, CASE status WHEN 'corrupted' THEN 'not restored' ELSE 'brought back' END FROM done;
WITH done AS (
  INSERT INTO run_steps SELECT b.* FROM $SIDE.run_steps b JOIN $SIDE.inconsistent i ON i.kind = 'steps_miscounted' AND i.key = b.run_id
  ON CONFLICT DO NOTHING RETURNING run_id, step)
INSERT INTO $SIDE.evidence (relation, key, repair) SELECT 'run_steps', run_id || '/' || step, 'brought back' FROM done;

-- What the backup has of a row that is there. A statement sees the rows as they were before it.
WITH done AS (
  UPDATE runs r SET (agent_id, status, result, worker, attempts, created_at, updated_at)
      = (b.agent_id, b.status, b.result, b.worker, b.attempts, b.created_at, b.updated_at)
    FROM $SIDE.runs b WHERE b.id = r.id AND r.id IN (SELECT key FROM $SIDE.inconsistent WHERE relation = 'runs')
      AND b.status IN ('completed', 'failed') AND $(contradiction b) IS NULL AND b.agent_id IN (SELECT id FROM agents)
    RETURNING r.id)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'runs', id, 'from the backup', to_jsonb(runs) FROM runs JOIN done USING (id);
WITH done AS (
  UPDATE memory_vectors v SET agent_id = b.agent_id
    FROM $SIDE.memory_vectors b WHERE b.id = v.id AND v.id IN (SELECT key FROM $SIDE.inconsistent WHERE kind = 'vectors_without_agent')
      AND b.agent_id IN (SELECT id FROM agents)
    RETURNING v.id)
INSERT INTO $SIDE.evidence (relation, key, repair, was)
  SELECT 'memory_vectors', id, 'from the backup', to_jsonb(memory_vectors) FROM memory_vectors JOIN done USING (id);

-- What refers to nothing that is known: what hangs on a run before the run.
WITH gone AS (
  DELETE FROM step_effects c WHERE NOT EXISTS (SELECT FROM runs r JOIN agents a ON a.id = r.agent_id WHERE r.id = c.run_id) RETURNING c.*)
INSERT INTO $SIDE.evidence (relation, key, repair, was)
  SELECT 'step_effects', concat_ws('/', run_id, step, attempt), 'quarantined', to_jsonb(gone) FROM gone;
WITH gone AS (
  DELETE FROM run_steps c WHERE NOT EXISTS (SELECT FROM runs r JOIN agents a ON a.id = r.agent_id WHERE r.id = c.run_id) RETURNING c.*)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'run_steps', run_id || '/' || step, 'quarantined', to_jsonb(gone) FROM gone;
WITH gone AS (DELETE FROM runs c WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = c.agent_id) RETURNING c.*)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'runs', id, 'quarantined', to_jsonb(gone) FROM gone;
WITH gone AS (DELETE FROM memory_vectors c WHERE NOT EXISTS (SELECT FROM agents a WHERE a.id = c.agent_id) RETURNING c.*)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'memory_vectors', id, 'quarantined', to_jsonb(gone) FROM gone;

-- What a run's own columns tell: one that has a result was completed, and one that no worker has waits for one.
WITH done AS (
  UPDATE runs SET status = 'completed'
    WHERE id IN (SELECT key FROM $SIDE.inconsistent WHERE kind = 'result_without_end') AND result IS JSON OBJECT RETURNING id)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'runs', id, 'by rule', to_jsonb(runs) FROM runs JOIN done USING (id);
WITH done AS (
  UPDATE runs SET status = 'queued', worker = NULL
    WHERE id IN (SELECT key FROM $SIDE.inconsistent WHERE kind = 'running_without_worker') RETURNING id)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'runs', id, 'queued again', to_jsonb(runs) FROM runs JOIN done USING (id);

-- What nothing tells.
WITH done AS (
  UPDATE runs SET status = 'corrupted' WHERE status <> 'corrupted' AND id IN (SELECT key FROM $SIDE.inconsistent WHERE relation = 'runs') RETURNING id)
INSERT INTO $SIDE.evidence (relation, key, repair, was) SELECT 'runs', id, 'not restored', to_jsonb(runs) FROM runs JOIN done USING (id);
COMMIT;
SELECT relation || ' ' || key || ': ' || repair FROM $SIDE.evidence WHERE at >= '$BEGAN' ORDER BY relation, key;
SQL

step "enforce the foreign keys" 300
keys=$(backup_keys)
while read -r table name statement; do
  if [[ $TABLES == *"'${table#public.}'"* && $(sql --command "SELECT count(*) FROM pg_constraint WHERE conrelid = '$table'::regclass AND conname = '$name'") == 0 ]]; then
    sql --command "SET lock_timeout = '30s'" --command "$statement"
    echo "$name was gone"
  fi
done <<< "$keys"
# First nothing new gets in, then what is there is looked at: writers wait for neither.
sql << SQL || fail "not all foreign keys hold" "see the message above; if something still writes such rows, stop it, and run this again"
SET lock_timeout = '30s';
SELECT format('ALTER TABLE %s ENABLE TRIGGER %I', relation, name) FROM ($(off)) AS off \gexec
SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', c.conrelid::regclass, c.conname) FROM pg_constraint c WHERE $(ours) AND NOT c.convalidated \gexec
SQL

step "verify the state" 120
# A key whose triggers were off is said to hold all the same, and is not looked at again: this does it.
left=$(sql --command "SELECT kind || ' ' || key FROM $SIDE.inconsistent WHERE kind <> 'not_restored' ORDER BY 1")
[[ -z $left ]] || fail "still inconsistent: ${left//$'\n'/, }" "something still writes such rows: stop it, and run this again"
left=$(sql --command "SELECT name FROM ($(off)) AS off UNION ALL SELECT c.conname FROM pg_constraint c WHERE $(ours) AND NOT c.convalidated")
[[ -z $left ]] || fail "not enforced: ${left//$'\n'/ }" "something still switches them off: find out what, and run this again"
fact brought_back_rows "$(repaired 'brought back')"
fact repaired_from_backup "$(repaired 'from the backup')"
fact repaired_by_rule "$(repaired 'by rule')"
queued=$(repaired 'queued again')
fact queued_again "$queued"
fact quarantined_rows "$(repaired quarantined)"
lost=$(sql --command "SELECT key FROM $SIDE.inconsistent ORDER BY key")
fact unrestored_rows "$(wc --words <<< "$lost")"

step "account for the rows" 30
sql << SQL
SET client_min_messages = warning;
DROP VIEW $SIDE.inconsistent;
DROP TABLE $SIDE.agents, $SIDE.runs, $SIDE.run_steps, $SIDE.memory_vectors;
SQL
if [[ $(sql --command "SELECT count(*) FROM $SIDE.evidence") == 0 ]]; then
  sql --command "SET client_min_messages = warning; DROP SCHEMA $SIDE CASCADE"
else
  fact evidence "$SIDE.evidence"
fi
((queued == 0)) || echo "next: run reconcile-queue.sh, which gives the runs that wait for a worker their jobs again"
[[ -z $lost ]] || fail "not in the backup, or wrong there too: ${lost//$'\n'/ }" "these runs stay in quarantine; name an older backup, or repair them by hand, and run this again"
