package playbook

import (
	"context"
	"fmt"
	"slices"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 5: data corruption. The damaged rows are older than the newest dump: what is newer than
// that no dump can bring back.
func corruptionDrills() []drills.Drill {
	const limits = "Only rows older than the newest dump are damaged; newer ones would stay quarantined."
	return []drills.Drill{{
		Name: "corrupt-json", Scenario: corruption, Title: "Broken and wrong-shaped JSON in the results of runs",
		Recovery: "find, quarantine, disable the agents, restore those rows from the dump, release",
		Proves:   "good rows are untouched; exactly the damaged ones are restored",
		Limits:   limits, Labels: []string{"scenario=corruption", "store=postgres"},
		Needs: fixtures.Needs{ObjectStore: true},
		Probe: workload.Database, DataFault: true, Fault: faults.CorruptJSON{},
		Backups:   []drills.Backup{sideDump()},
		Scripts:   []drills.Script{{Name: "repair-json.sh", Args: []string{"latest-verified"}}},
		Objective: objective(corruptionRTO), Settle: settle, Changes: damagedRowsAreRepaired,
		Checks: []drills.Check{goodRowsUntouched(), nothingMisshapen(), nothingLost()},
	}, {
		Name: "wrong-vector-dimensions", Scenario: corruption, Title: "Embeddings of another dimension",
		Recovery: "find, restore from the dump, rebuild the index",
		Proves:   "nearest-neighbour answers equal those before",
		Limits:   limits, Labels: []string{"scenario=corruption", "store=postgres"},
		Needs: fixtures.Needs{ObjectStore: true},
		Probe: workload.Database, DataFault: true, Fault: faults.ShortVectors{},
		Backups:   []drills.Backup{sideDump()},
		Scripts:   []drills.Script{{Name: "repair-vectors.sh", Args: []string{"latest-verified"}}},
		Objective: objective(corruptionRTO), Settle: settle,
		Changes: []drills.Change{rowsAreWritten(`public\.memory_vectors`, "the column gets its type back, which writes all of its rows")},
		Checks:  []drills.Check{sameNeighbours(), sameRecall(), nothingLost()},
	}}
}

// sideDump is the dump that damaged rows are restored from. The server and its log stay, so that
// it protects no class against loss.
func sideDump() drills.Backup {
	dump := postgresDump()
	dump.Protect = nil
	return dump
}

func goodRowsUntouched() drills.Check {
	return drills.Check{
		Name: "good rows are untouched",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			return s.Stack.RunVersions(ctx, s.Victims.IDs(recovery.Runs))
		},
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			after, err := s.Stack.RunVersions(ctx, s.Victims.IDs(recovery.Runs))
			if err != nil {
				return "", err
			}
			if len(before) == 0 {
				return "", fmt.Errorf("there were no good rows to compare")
			}
			if rewritten := drills.Missing(before, after); len(rewritten) > 0 {
				return "", drills.Violated("%d good rows were rewritten, such as %s", len(rewritten), rewritten[0])
			}
			return fmt.Sprintf("none of %d good rows was rewritten", len(before)), nil
		},
	}
}

func nothingMisshapen() drills.Check {
	return drills.Check{
		Name: "no result is misshapen, no run quarantined, no agent disabled",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			left, err := s.Stack.MisshapenRuns(ctx)
			if err != nil {
				return "", err
			}
			if len(left) > 0 {
				return "", drills.Violated("%d runs, such as %s", len(left), left[0])
			}
			return fmt.Sprintf("all runs are in order, the %d damaged ones included", len(s.Victims[recovery.Runs])), nil
		},
	}
}

// lastSeed bounds the rows that neighbours are sought among to those that were there before the fault.
var lastSeed = workload.ID(recovery.Vectors, workload.Seeds-1)

func sameNeighbours() drills.Check {
	return drills.Check{
		Name: "nearest-neighbour answers equal those before",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			return s.Stack.Neighbours(ctx, s.Victims.IDs(recovery.Vectors), lastSeed)
		},
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(map[string][]string)
			after, err := s.Stack.Neighbours(ctx, s.Victims.IDs(recovery.Vectors), lastSeed)
			if err != nil {
				return "", err
			}
			if len(before) == 0 {
				return "", fmt.Errorf("no neighbours were asked for before the fault")
			}
			for id, answer := range before {
				if !slices.Equal(answer, after[id]) {
					return "", drills.Violated("an exact scan for the neighbours of %s answers otherwise than before", id)
				}
			}
			return fmt.Sprintf("the same %d answers by an exact scan", len(before)), nil
		},
	}
}
