package playbook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// workerMemory is a limit that a worker at work stays well below, in bytes.
const workerMemory = 256 << 20

// Scenario 1, when the cause is a run itself.
func lethalRunDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "worker-oom", Scenario: singleWorker, Title: "A run makes its worker pass its memory limit",
		Recovery: "the worker is started again after the kernel killed it; its runs go on, and the run that killed it is given up",
		Proves:   "running out of memory is named as the cause, as the engine has it",
		Limits:   "The limit is the container's. A whole host that runs out of memory is not rehearsed.",
		Labels:   []string{"scenario=worker", "store=redis", "store=postgres"},
		Needs:    fixtures.Needs{Workers: 2, WorkerMemory: workerMemory}, Probe: workload.RunQueue,
		Rates: map[recovery.Class]int{recovery.Runs: 8},
		Fault: faults.LethalRun{
			Why: "needs more memory than a worker has", Input: `{"tool": "allocate", "mebibytes": 4096}`, Ends: "oom-kill",
		},
		Scripts:   []drills.Script{{Name: "restart-worker.sh"}},
		Objective: objective(workerRTO), Settle: handover,
		Checks: []drills.Check{causeIsNamed("oom-kill"), lethalRunEndsFailed(), everyRunCompletes(), everyStepOnce()},
	}, {
		Name: "worker-poison-run", Scenario: singleWorker, Title: "A run kills every worker that takes it",
		Recovery: "the workers are started again as often as they die; the queue gives the run up after its third",
		Proves:   "the run ends in the failed set, in the queue as in the database; all other runs complete",
		Limits: "The run kills after 600 ms, and the other runs take 400 ms. Runs that are beside it each time that it kills would be given up as well: " +
			"the queue counts stalls, and not who is to blame.",
		Labels: []string{"scenario=worker", "store=redis", "store=postgres"},
		Needs:  fixtures.Needs{Workers: 2}, Probe: workload.RunQueue,
		Rates:     map[recovery.Class]int{recovery.Runs: 8},
		Fault:     faults.LethalRun{Why: "ends the process of every worker that takes it", Input: `{"tool": "abort"}`, Ends: "signal"},
		Scripts:   []drills.Script{{Name: "restart-worker.sh"}},
		Objective: objective(workerRTO), Settle: handover,
		Checks: []drills.Check{lethalRunEndsFailed(), everyRunCompletes(), everyStepOnce()},
	}}
}

// causeIsNamed checks that the procedure found out of each worker that the fault saw end what the
// engine says that it ended by.
func causeIsNamed(want string) drills.Check {
	return drills.Check{
		Name: "the cause is named",
		After: func(_ context.Context, s drills.Site) (string, error) {
			endings := s.Stack.Endings()
			if len(endings) == 0 {
				return "", errors.New("nobody asked the engine how the worker ended")
			}
			named := strings.Fields(s.Facts["causes"])
			for _, worker := range slices.Sorted(maps.Keys(endings)) {
				how := endings[worker]
				if how != want {
					return "", fmt.Errorf("%s ended by %s, not by %s", worker, how, want)
				}
				if !slices.Contains(named, worker+"="+how) {
					return "", drills.Violated("the engine says that %s ended by %s; the procedure names %q", worker, how, s.Facts["causes"])
				}
			}
			return "the procedure names " + s.Facts["causes"] + ", as the engine does of the first", nil
		},
	}
}

// lethalRunEndsFailed checks that the run that kills is over, and that queue and database agree about it.
func lethalRunEndsFailed() drills.Check {
	return drills.Check{
		Name: "the run that kills ends in the failed set, and in no other",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if len(s.Submitted) != 1 {
				return "", fmt.Errorf("the fault gave %d runs to the queue, not one", len(s.Submitted))
			}
			run := s.Submitted[0]
			sets, err := s.Stack.QueueSets(ctx, run)
			if err != nil {
				return "", err
			}
			claim, err := s.Stack.ClaimOf(ctx, run)
			if err != nil {
				return "", err
			}
			if !slices.Equal(sets, []string{"failed"}) || claim.Status != "failed" {
				return "", drills.Violated("%s is in the queue's sets %q, and %s in the database", run, sets, claim.Status)
			}
			return run + " is in the queue's failed set alone, and failed in the database", nil
		},
	}
}
