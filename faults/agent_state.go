package faults

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// InconsistentState is a bulk import that went wrong half-way: with the foreign keys lifted, it
// removed rows that others refer to, wrote over runs, and left rows of its own. What should keep all
// that out stays off. Which rows, and how many, is drawn from the drill's seed.
type InconsistentState struct{}

// Describe implements Fault.
func (InconsistentState) Describe() string {
	return "a bulk import that lifted the foreign keys: dangling and orphaned rows, and runs in impossible states"
}

// Inject implements Fault.
func (InconsistentState) Inject(ctx context.Context, t Target) (string, error) {
	i := &badImport{Target: t}
	for _, do := range []func(context.Context) error{
		i.draw, i.liftForeignKeys, i.removeParents, i.removeSteps, i.alterRuns, i.alterVectors, i.alterUnsaved, i.addStrays, i.countOrphans,
		i.putBackOneForeignKey,
	} {
		if err := do(ctx); err != nil {
			return "", err
		}
	}
	d := t.Damage
	return fmt.Sprintf("removed %d rows that others refer to, wrote over %d and over %d that no backup holds, left %d of its own; %d references lead nowhere, and no foreign key can be relied on",
		len(d.Removed), len(d.Altered), len(d.Unsaved), len(d.Stray), i.broken), nil
}

// badImport is one import. Of the runs that the workload wrote it hits those that it is given, and
// of those that nobody writes to, which alone have steps, some that are drawn.
type badImport struct {
	Target
	archived []string // runs, not dealt with yet
	written  []string // by the workload, not dealt with yet
	owners   []string // agents that may be removed: of the workload's runs first
	broken   int      // references that lead nowhere
}

// archivedRuns are how many are drawn: more than all that follows deals with.
const archivedRuns = 60

// some is a number from least to least+2.
func (i *badImport) some(least int) int { return least + i.Rand.IntN(3) }

func (i *badImport) draw(ctx context.Context) (err error) {
	i.archived, err = i.System.QuerySQL(ctx, `SELECT id FROM runs r WHERE EXISTS (SELECT FROM run_steps s WHERE s.run_id = r.id)
		ORDER BY md5(id || $1::text) LIMIT $2`, strconv.FormatUint(i.Rand.Uint64(), 10), archivedRuns)
	if err != nil {
		return err
	}
	if len(i.archived) < archivedRuns {
		return fmt.Errorf("%w: only %d runs have steps", ErrNothingHit, len(i.archived))
	}
	i.written = slices.Clone(i.Runs)
	i.Rand.Shuffle(len(i.written), func(a, b int) { i.written[a], i.written[b] = i.written[b], i.written[a] })
	for _, runs := range [][]string{i.written, i.archived} {
		agents, err := i.System.QuerySQL(ctx, `SELECT DISTINCT agent_id FROM runs WHERE id = ANY($1) ORDER BY 1`, runs)
		if err != nil {
			return err
		}
		i.Rand.Shuffle(len(agents), func(a, b int) { agents[a], agents[b] = agents[b], agents[a] })
		i.owners = append(i.owners, agents[:min(i.some(1), len(agents))]...)
	}
	return nil
}

// deal takes the next n of some ids.
func deal(ids *[]string, n int) []string {
	n = min(n, len(*ids))
	dealt := (*ids)[:n]
	*ids = (*ids)[n:]
	return dealt
}

// runs are the next to be hit: some of the workload's, and some of those that nobody writes to.
func (i *badImport) runs() []string {
	return slices.Concat(deal(&i.written, i.some(2)), deal(&i.archived, i.some(2)))
}

// liftForeignKeys does what pg_restore --disable-triggers and import scripts do, for good.
func (i *badImport) liftForeignKeys(ctx context.Context) error {
	_, err := i.System.ExecSQL(ctx, `ALTER TABLE memory_vectors DROP CONSTRAINT memory_vectors_agent_id_fkey;
		ALTER TABLE run_steps DROP CONSTRAINT run_steps_run_id_fkey;
		ALTER TABLE agents DISABLE TRIGGER ALL;
		ALTER TABLE runs DISABLE TRIGGER ALL;`)
	return err
}

// putBackOneForeignKey leaves one without a look at the rows that are there. Another stays dropped; the
// third is there, is said to hold, and is not looked after.
func (i *badImport) putBackOneForeignKey(ctx context.Context) error {
	_, err := i.System.ExecSQL(ctx, `ALTER TABLE memory_vectors ADD CONSTRAINT memory_vectors_agent_id_fkey
		FOREIGN KEY (agent_id) REFERENCES agents (id) NOT VALID`)
	return err
}

// hit runs a statement that returns the key of each row that it hits and the digest of what it left.
func (i *badImport) hit(ctx context.Context, to *[]Row, what, table, sql string, args ...any) error {
	found, err := i.System.QuerySQL(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if len(found) == 0 {
		return fmt.Errorf("%w: %s", ErrNothingHit, what)
	}
	for _, row := range found {
		key, digest, _ := strings.Cut(row, " ")
		*to = append(*to, Row{Table: table, Key: key, Digest: digest})
	}
	i.found(what, len(found))
	return nil
}

func (i *badImport) found(kind string, n int) {
	if i.Damage.Found == nil {
		i.Damage.Found = map[string]int{}
	}
	i.Damage.Found[kind] += n
}

func (i *badImport) removeParents(ctx context.Context) error {
	if err := i.remove(ctx, "agents", i.owners); err != nil {
		return err
	}
	return i.remove(ctx, "runs", deal(&i.archived, i.some(2)))
}

// remove takes rows away that others refer to. What is wrong is with those: they are counted in the end.
func (i *badImport) remove(ctx context.Context, table string, ids []string) error {
	gone, err := i.System.QuerySQL(ctx, `DELETE FROM `+table+` WHERE id = ANY($1) RETURNING id`, ids)
	if err == nil && len(gone) == 0 {
		err = fmt.Errorf("%w: no row of %s to remove", ErrNothingHit, table)
	}
	for _, id := range gone {
		i.Damage.Removed = append(i.Damage.Removed, Row{Table: table, Key: id})
	}
	return err
}

// removeSteps takes one step of each of some completed runs, which then count more steps than there are.
func (i *badImport) removeSteps(ctx context.Context) error {
	return i.hit(ctx, &i.Damage.Removed, "steps_miscounted", "run_steps", `DELETE FROM run_steps s WHERE run_id = ANY($1)
		AND step = (SELECT max(step) FROM run_steps l WHERE l.run_id = s.run_id) - $2::int RETURNING run_id || '/' || step`,
		deal(&i.archived, i.some(2)), i.Rand.IntN(3))
}

// impossible are states that no statement of the application leaves a run in.
var impossible = []struct{ kind, set string }{
	{"runs_without_agent", `agent_id = 'import-agent-' || right(id, 8)`},
	{"ended_before_begun", `updated_at = created_at - interval '1 hour'`},
	{"completed_without_result", `result = NULL`},
	{"running_without_worker", `status = 'running', result = NULL, worker = NULL`},
	{"result_without_end", `status = (ARRAY['queued', 'running', 'failed'])[1 + abs(hashtext(id)::bigint) % 3]`},
}

func (i *badImport) alterRuns(ctx context.Context) error {
	for _, state := range impossible {
		err := i.hit(ctx, &i.Damage.Altered, state.kind, "runs",
			`UPDATE runs SET `+state.set+` WHERE id = ANY($1) RETURNING id, md5(runs::text)`, i.runs())
		if err != nil {
			return err
		}
	}
	return nil
}

// alterVectors has some embeddings refer to agents that never were: some of the workload's, and some of agents
// whose runs nobody writes to.
func (i *badImport) alterVectors(ctx context.Context) error {
	others, err := i.System.QuerySQL(ctx, `SELECT id FROM memory_vectors
		WHERE agent_id IN (SELECT agent_id FROM runs WHERE id = ANY($1)) AND id <> ALL($2) ORDER BY md5(id || $3::text) LIMIT $4`,
		i.archived, i.Vectors, strconv.FormatUint(i.Rand.Uint64(), 10), i.some(2))
	if err != nil {
		return err
	}
	written := slices.Clone(i.Vectors)
	i.Rand.Shuffle(len(written), func(a, b int) { written[a], written[b] = written[b], written[a] })
	return i.hit(ctx, &i.Damage.Altered, "vectors_without_agent", "memory_vectors",
		`UPDATE memory_vectors SET agent_id = 'import-agent-' || right(id, 8) WHERE id = ANY($1) RETURNING id, md5(memory_vectors::text)`,
		append(deal(&written, i.some(2)), others...))
}

// inFlight are the newest writes, whose acknowledgement may not have come yet.
const inFlight = 10

// alterUnsaved takes the end from some of the newest runs and leaves them their results, from which it can be told.
func (i *badImport) alterUnsaved(ctx context.Context) error {
	return i.hit(ctx, &i.Damage.Unsaved, "result_without_end", "runs", `UPDATE runs SET status = (ARRAY['queued', 'failed'])[1 + abs(hashtext(id)::bigint) % 2]
		WHERE id IN (SELECT id FROM runs WHERE id > $1 ORDER BY id DESC OFFSET $2 LIMIT $3) RETURNING id, md5(runs::text)`,
		slices.Max(i.Runs), inFlight, i.some(2))
}

// addStrays leaves rows of the import's own, of agents and runs that never were.
func (i *badImport) addStrays(ctx context.Context) error {
	for _, stray := range []struct{ kind, table, sql string }{
		{"runs_without_agent", "runs", `INSERT INTO runs (id, agent_id, status, input, result)
			SELECT 'import-run-' || n, 'import-agent', 'completed', '', '{"output": ""}' FROM generate_series(1, $1::int) n RETURNING id, md5(runs::text)`},
		{"vectors_without_agent", "memory_vectors", `INSERT INTO memory_vectors (id, agent_id, content, embedding)
			SELECT 'import-vector-' || n, 'import-agent', '', (SELECT embedding FROM memory_vectors LIMIT 1) FROM generate_series(1, $1::int) n
			RETURNING id, md5(memory_vectors::text)`},
		{"steps_without_run", "run_steps", `INSERT INTO run_steps (run_id, step, worker, output)
			SELECT 'import-gone', n, 'import', '' FROM generate_series(1, $1::int) n RETURNING run_id || '/' || step, md5(run_steps::text)`},
		{"effects_without_run", "step_effects", `INSERT INTO step_effects (run_id, step, attempt, worker)
			SELECT 'import-gone', n, 1, 'import' FROM generate_series(1, $1::int) n RETURNING concat_ws('/', run_id, step, attempt), md5(step_effects::text)`},
	} {
		if err := i.hit(ctx, &i.Damage.Stray, stray.kind, stray.table, stray.sql, i.some(2)); err != nil {
			return err
		}
	}
	return nil
}

// countOrphans counts the rows that refer to what is not there: more than were hit, since one agent has many.
func (i *badImport) countOrphans(ctx context.Context) error {
	for _, orphans := range []struct{ kind, sql string }{
		{"runs_without_agent", `SELECT FROM runs c WHERE NOT EXISTS (SELECT FROM agents p WHERE p.id = c.agent_id)`},
		{"vectors_without_agent", `SELECT FROM memory_vectors c WHERE NOT EXISTS (SELECT FROM agents p WHERE p.id = c.agent_id)`},
		{"steps_without_run", `SELECT FROM run_steps c WHERE NOT EXISTS (SELECT FROM runs p WHERE p.id = c.run_id)`},
	} {
		n, err := i.System.ExecSQL(ctx, orphans.sql)
		if err != nil {
			return err
		}
		i.Damage.Found[orphans.kind] = int(n)
		i.broken += int(n)
	}
	return nil
}
