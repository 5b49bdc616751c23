package playbook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 5 where the rows are right, and the index over them is not.
func vectorDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "vector-index-corrupt", Scenario: corruption, Title: "The vector index misses rows, and a rebuild has failed",
		Recovery: "compare the index with an exact scan, drop what the failed rebuild left, rebuild it concurrently",
		Proves:   "recall against an exact scan is what it was; writers went on all the while",
		Limits:   "The index's pages are sound, and it lacks rows. Pages that cannot be read give errors instead; the same rebuild replaces them.",
		Labels:   []string{"scenario=corruption", "store=postgres"},
		Probe:    workload.Similar, DataFault: true, Fault: faults.Sequence{faults.UnindexedRows{}, faults.AbandonedRebuild{}},
		Scripts:   []drills.Script{{Name: "rebuild-vector-index.sh"}},
		Objective: objective(corruptionRTO), Settle: settle,
		Changes: []drills.Change{rowsAreWritten(`public\.memory_vectors`, "the fault writes rows behind the index")},
		Checks:  []drills.Check{sameRecall(), writersWentOn(), nothingLost()},
	}}
}

// An index over vectors is built with random levels: of 42 builds over the archive's vectors, the worst found 92 %
// of the neighbours and the best all of them. What is below the least, or worse than before by more than the noise,
// is no accident of a build.
const (
	leastRecall = 0.8
	recallNoise = 0.1
)

// neighbours are what is taken down of nearest-neighbour answers before the fault.
type neighbours struct {
	recall archive.Recall
	exact  [][]string
}

// sameRecall compares what the index finds with an exact scan, and the exact scan with the answers
// that are known beforehand.
func sameRecall() drills.Check {
	ask := func(ctx context.Context, s drills.Site) (neighbours, error) {
		recall, exact, err := s.Stack.Recall(ctx)
		return neighbours{recall, exact}, err
	}
	return drills.Check{
		Name:   "recall against an exact scan is what it was",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return ask(ctx, s) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(neighbours)
			after, err := ask(ctx, s)
			if errors.Is(err, archive.ErrNoIndex) {
				return "", drills.Violated("%s", err)
			}
			if err != nil {
				return "", err
			}
			return compareRecall(before, after)
		},
	}
}

func compareRecall(before, after neighbours) (string, error) {
	known := archive.Questions()
	if len(before.exact) != len(known) || before.recall.Share() < leastRecall {
		return "", fmt.Errorf("before the fault the index found %s: there is nothing to compare with", before.recall)
	}
	for i, q := range known {
		if !slices.Equal(before.exact[i], q.Answer) {
			return "", fmt.Errorf("before the fault an exact scan answered question %d otherwise than is known", i)
		}
		if i >= len(after.exact) || !slices.Equal(after.exact[i], q.Answer) {
			return "", drills.Violated("an exact scan answers question %d otherwise than before", i)
		}
	}
	if least := max(leastRecall, before.recall.Share()-recallNoise); after.recall.Share() < least {
		return "", drills.Violated("the index finds %s; before the fault it found %s, and at least %.2f is wanted", after.recall, before.recall, least)
	}
	return fmt.Sprintf("the index finds %s; before the fault it found %s; the exact scan answers as is known", after.recall, before.recall), nil
}

// tolerableWait is how long a writer may wait for a lock on the table. To build an index in one piece
// takes longer even at the smallest scale, and a concurrent build keeps no writer waiting at all.
const tolerableWait = 50 * time.Millisecond

func writersWentOn() drills.Check {
	const table = "memory_vectors"
	return drills.Check{
		Name:   "writers went on while the index was rebuilt",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.WatchLocks(ctx, table) },
		After: func(_ context.Context, s drills.Site) (string, error) {
			watch, ok := s.Before.(*fixtures.LockWaits)
			if !ok {
				return "", errors.New("nobody watched the writers")
			}
			longest, looks, err := watch.Stop()
			if err != nil {
				return "", err
			}
			if longest > tolerableWait {
				return "", drills.Violated("a writer waited at least %s for a lock on %s; %s is tolerated", recovery.Words(longest), table, recovery.Words(tolerableWait))
			}
			return fmt.Sprintf("no writer waited longer than %s for a lock on %s, in %d looks", recovery.Words(longest), table, looks), nil
		},
	}
}
