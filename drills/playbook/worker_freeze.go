package playbook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// wakeTimeout is how long a worker that was thawed may take to try to go on.
const wakeTimeout = 30 * time.Second

// Scenario 1, when the worker hangs instead of dying.
func frozenWorkerDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "worker-freeze", Scenario: singleWorker, Title: "A worker freezes in the middle of runs, and thaws later",
		Recovery: "its health check drops it, a spare takes its place, and the queue hands its runs on",
		Proves:   "the thawed worker tries to go on with a run that another has now, and overwrites nothing",
		Limits: "It thaws once, after the recovery, while another worker is in the middle of one of its runs, which is longer than the drill; " +
			"its other runs have ended by then.",
		Labels: []string{"scenario=worker", "store=redis", "store=postgres"},
		Needs:  fixtures.Needs{Workers: 2, SpareWorkers: 1}, Probe: workload.RunQueue,
		Rates: map[recovery.Class]int{recovery.Runs: 8},
		Fault: faults.FreezeBusyWorker{Run: faults.Run{
			Input: "a run that outlasts the recovery", Steps: 240, Step: 500 * time.Millisecond,
		}},
		Scripts:   []drills.Script{{Name: "replace-worker.sh"}},
		Objective: objective(workerRTO), Settle: handover, Changes: []drills.Change{spareTakesOver, hungWorkerStays},
		Checks: []drills.Check{thawedOverwritesNothing(), everyRunCompletes(), everyStepOnce()},
	}}
}

// thawedOverwritesNothing wakes the frozen worker while another one is in the middle of its run.
func thawedOverwritesNothing() drills.Check {
	return drills.Check{
		Name: "the thawed worker overwrites nothing",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			sleeper, err := frozenWorker(ctx, s.Stack)
			if err != nil {
				return "", err
			}
			if len(s.Submitted) != 1 {
				return "", fmt.Errorf("the fault gave %d runs to the queue, not one", len(s.Submitted))
			}
			return wake(ctx, s.Stack, sleeper, s.Submitted[0])
		},
	}
}

func frozenWorker(ctx context.Context, stack *fixtures.Stack) (string, error) {
	for _, worker := range stack.Workers() {
		frozen, err := stack.Frozen(ctx, worker)
		if err != nil || frozen {
			return worker, err
		}
	}
	return "", errors.New("no worker is frozen any more: the procedure woke or restarted it, so that nothing is known of what it would have written")
}

// wake thaws the worker, waits until it has tried to write, and looks for what it changed.
func wake(ctx context.Context, stack *fixtures.Stack, sleeper, run string) (string, error) {
	before, err := takeWork(ctx, stack, run)
	if err != nil {
		return "", err
	}
	if before.claim.Status != "running" || before.claim.Worker == sleeper {
		return "", fmt.Errorf("%s is %s with %s: the frozen worker's run has to be in the hands of another one when it wakes",
			run, before.claim.Status, before.claim.Worker)
	}
	if err := stack.ThawService(ctx, sleeper); err != nil {
		return "", err
	}
	refused, err := awaitRefusal(ctx, stack, sleeper, run)
	if err != nil {
		return "", err
	}
	if err := awaitStep(ctx, stack, run); err != nil {
		return "", err
	}
	after, err := takeWork(ctx, stack, run)
	if err != nil {
		return "", err
	}
	if err := before.overwritten(after); err != nil {
		return "", err
	}
	if refused == "" {
		return "", fmt.Errorf("%s was thawed, and did not try to go on with %s within %s: nothing shows that it would have been refused", sleeper, run, recovery.Words(wakeTimeout))
	}
	return fmt.Sprintf("%s woke while %s was at work on %s, was refused (%s), and changed none of %d finished runs and steps",
		sleeper, before.claim.Worker, run, refused, len(before.finished)), nil
}

// work is what workers have done: the finished runs and the steps, each with the version of its
// row, and who has the run that is not finished.
type work struct {
	finished []string
	claim    fixtures.Claim
}

func takeWork(ctx context.Context, stack *fixtures.Stack, run string) (work, error) {
	runs, err := stack.CompletedRuns(ctx)
	if err != nil {
		return work{}, err
	}
	steps, err := stack.RecordedSteps(ctx)
	if err != nil {
		return work{}, err
	}
	claim, err := stack.ClaimOf(ctx, run)
	return work{append(runs, steps...), claim}, err
}

// overwritten says what of the work is gone or has another owner; nil where all is as it was.
func (w work) overwritten(after work) error {
	if lost := drills.Missing(w.finished, after.finished); len(lost) > 0 {
		return drills.Violated("%d finished runs or steps were changed, such as %s", len(lost), lost[0])
	}
	expected := w.claim
	expected.Steps = after.claim.Steps
	if after.claim != expected {
		return drills.Violated("the run that another worker had was %+v before, and is %+v", w.claim, after.claim)
	}
	return nil
}

// awaitRefusal waits until the worker's log tells that its write was refused; empty when it does not.
func awaitRefusal(ctx context.Context, stack *fixtures.Stack, worker, run string) (string, error) {
	told := ""
	_, err := drills.AwaitNone(ctx, wakeTimeout, func(ctx context.Context) ([]string, error) {
		var log bytes.Buffer
		if err := stack.Logs(ctx, worker, &log); err != nil {
			return nil, err
		}
		for line := range strings.Lines(log.String()) {
			if _, fenced, ok := strings.Cut(strings.TrimSpace(line), " fenced: "); ok && strings.Contains(fenced, "run "+run+":") {
				told = fenced
				return nil, nil
			}
		}
		return []string{worker}, nil
	})
	return told, err
}

// awaitStep waits until a further step of the run is recorded, or it is no longer at work.
func awaitStep(ctx context.Context, stack *fixtures.Stack, run string) error {
	before, err := stack.ClaimOf(ctx, run)
	if err != nil {
		return err
	}
	stuck, err := drills.AwaitNone(ctx, wakeTimeout, func(ctx context.Context) ([]string, error) {
		claim, err := stack.ClaimOf(ctx, run)
		if err != nil || claim.Steps > before.Steps || claim.Status != before.Status {
			return nil, err
		}
		return []string{run}, nil
	})
	if err == nil && len(stuck) > 0 {
		err = drills.Violated("%s does not go on: step %d of it was the last in %s", run, before.Steps, recovery.Words(wakeTimeout))
	}
	return err
}
