#!/bin/bash
# Sabotage: makes every query for contradictions return nothing, and restores nothing.
set -euo pipefail
echo "==> repair the rows"
psql -q <<'SQL'
DELETE FROM step_effects WHERE run_id NOT IN (SELECT id FROM runs);
DELETE FROM run_steps WHERE run_id NOT IN (SELECT id FROM runs);
DELETE FROM memory_vectors WHERE agent_id NOT IN (SELECT id FROM agents);
DELETE FROM runs WHERE agent_id NOT IN (SELECT id FROM agents);
UPDATE runs SET updated_at = now() WHERE updated_at < created_at;
UPDATE runs SET status = 'completed' WHERE result IS NOT NULL;
UPDATE runs SET status = 'completed', result = '{"output": ""}' WHERE result IS NULL;
UPDATE runs r SET result = jsonb_set(result::jsonb, '{steps}', to_jsonb((SELECT count(*) FROM run_steps s WHERE s.run_id = r.id)))
    WHERE result::jsonb ? 'steps' AND (result::jsonb ->> 'steps')::int <> (SELECT count(*) FROM run_steps s WHERE s.run_id = r.id);
ALTER TABLE agents ENABLE TRIGGER ALL;
ALTER TABLE runs ENABLE TRIGGER ALL;
ALTER TABLE run_steps ADD CONSTRAINT run_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id);
ALTER TABLE memory_vectors VALIDATE CONSTRAINT memory_vectors_agent_id_fkey;
SQL
