package playbook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// agentState is the drill of rows that are well-formed each by itself, and contradict each other.
func agentState() drills.Drill {
	return drills.Drill{
		Name: "inconsistent-agent-state", Scenario: corruption, Title: "Dangling and orphaned rows, and runs in impossible states",
		Recovery: "find them by a query for each kind, keep them as evidence, restore them from the dump or by rule, enforce the foreign keys again",
		Proves:   "invariants hold; exactly the damaged rows were changed, and are what they were",
		Limits: "Rows are damaged that the newest dump holds, or whose own columns tell the truth. Of a run newer than that whose result is gone too, or an agent, nothing does: " +
			"the run stays quarantined, and what belongs to the agent is moved into quarantine. A row that is gone and that nothing refers to contradicts nothing, and is not found. No workers run: a run that goes back to the queue is not rehearsed.",
		Labels: []string{"scenario=corruption", "store=postgres"},
		Needs:  fixtures.Needs{ObjectStore: true},
		Probe:  workload.Database, DataFault: true, Fault: faults.InconsistentState{},
		Backups:   []drills.Backup{sideDump()},
		Scripts:   []drills.Script{{Name: "repair-agent-state.sh", Args: []string{"latest-verified"}}},
		Objective: objective(corruptionRTO), Settle: settle, Changes: append([]drills.Change{repairEvidence}, damagedRowsAreRepaired...),
		Checks: []drills.Check{invariantsHold(), foreignKeysHold(), onlyTheDamagedChanged(), damageIsNamed(), evidenceIsKept(), nothingLost()},
	}
}

func invariantsHold() drills.Check {
	ask := func(ctx context.Context, s drills.Site) error {
		found, err := s.Stack.Inconsistencies(ctx)
		if err == nil && len(found) > 0 {
			err = drills.Violated("%d contradictions, such as %s", len(found), found[0])
		}
		return err
	}
	return drills.Check{
		Name:   "invariants hold",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return nil, ask(ctx, s) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			return fmt.Sprintf("no row contradicts another; %d did at least when the fault had hit", sum(s.Damage.Found)), ask(ctx, s)
		},
	}
}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

func foreignKeysHold() drills.Check {
	return drills.Check{
		Name:   "every foreign key is validated and enforced",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.ForeignKeys(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			after, err := s.Stack.ForeignKeys(ctx)
			if err != nil {
				return "", err
			}
			return compareForeignKeys(before, after)
		},
	}
}

func compareForeignKeys(before, after []string) (string, error) {
	if len(before) == 0 {
		return "", errors.New("there was no foreign key before the fault")
	}
	if lost := drills.Missing(before, after); len(lost) > 0 {
		return "", drills.Violated("%d of %d are not what they were, such as %s; not so before: %q", len(lost), len(before), lost[0], first(drills.Missing(after, before)))
	}
	return fmt.Sprintf("all %d are, and their triggers are on", len(before)), nil
}

func first(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return of[0]
}

// onlyTheDamagedChanged compares the rows with what they were, by content, and their versions with
// what the fault changed: a good row that was written again is found out even where its content is the same.
func onlyTheDamagedChanged() drills.Check {
	return drills.Check{
		Name:   "exactly the damaged rows were changed, and are what they were",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.StateRows(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.StateRows)
			damaged := names(s.Damage.Changed())
			if before.Len() == 0 || len(damaged) == 0 {
				return "", errors.New("there were no rows to compare, or none was damaged")
			}
			now, err := s.Stack.StateRows(ctx)
			if err != nil {
				return "", err
			}
			rewritten, err := s.Stack.Rewritten(ctx, before)
			if err != nil {
				return "", err
			}
			if wrong := before.Differing(now); len(wrong) > 0 {
				return "", drills.Violated("%d rows are gone or not what they were, such as %s", len(wrong), slices.Min(wrong))
			}
			if good := drills.Missing(rewritten, damaged); len(good) > 0 {
				return "", drills.Violated("%d good rows were written again, such as %s", len(good), good[0])
			}
			return fmt.Sprintf("%d damaged rows, and no others, were written again; %d rows of the workload hold what they held", len(damaged), before.Len()), nil
		},
	}
}

func names(rows []faults.Row) (names []string) {
	for _, row := range rows {
		names = append(names, row.Name())
	}
	return names
}

// damageIsNamed holds what the procedure says that it found and did against what the fault did. Clients
// go on writing for agents that are gone, so that it may find more.
func damageIsNamed() drills.Check {
	return drills.Check{
		Name: "what was found, repaired, and could not be, is stated",
		After: func(_ context.Context, s drills.Site) (string, error) {
			for _, kind := range slices.Sorted(maps.Keys(s.Damage.Found)) {
				if n, err := strconv.Atoi(s.Facts["found_"+kind]); err != nil || n < s.Damage.Found[kind] {
					return "", drills.Violated("%s: the procedure found %q, and there were %d", kind, s.Facts["found_"+kind], s.Damage.Found[kind])
				}
			}
			d := s.Damage
			became := map[string]int{
				"brought_back_rows": len(d.Removed), "repaired_from_backup": len(d.Altered), "repaired_by_rule": len(d.Unsaved), "quarantined_rows": len(d.Stray), "unrestored_rows": 0,
			}
			for _, fact := range slices.Sorted(maps.Keys(became)) {
				if s.Facts[fact] != strconv.Itoa(became[fact]) {
					return "", drills.Violated("%s is stated as %q, and it is %d", fact, s.Facts[fact], became[fact])
				}
			}
			return fmt.Sprintf("%d rows brought back, %d repaired from the backup, %d by rule, %d quarantined, none left; of %d kinds",
				len(d.Removed), len(d.Altered), len(d.Unsaved), len(d.Stray), len(d.Found)), nil
		},
	}
}

// evidenceIsKept compares the rows that the procedure keeps with those that the fault left.
func evidenceIsKept() drills.Check {
	return drills.Check{
		Name: "what was changed is kept as it was found",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			table := s.Facts["evidence"]
			if table == "" {
				return "", drills.Violated("the procedure does not say where it keeps what it has changed")
			}
			kept, err := s.Stack.Evidence(ctx, table)
			if errors.Is(err, fixtures.ErrNoEvidence) {
				return "", drills.Violated("%s", err)
			}
			if err != nil {
				return "", err
			}
			left := s.Damage.Left()
			for _, row := range left {
				if !slices.Contains(kept[row.Name()], row.Digest) {
					return "", drills.Violated("%s does not hold %s as it was found", table, row.Name())
				}
			}
			return fmt.Sprintf("all %d rows are in %s, by content", len(left), table), nil
		},
	}
}
