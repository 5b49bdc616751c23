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
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 1: single worker failure.
func workerDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "worker-kill", Scenario: singleWorker, Title: "A worker is killed in the middle of runs",
		Recovery: "the worker is started again as its supervisor would; the queue hands its runs on",
		Proves:   "every acknowledged run completes; no completed step is lost or done twice",
		Limits: "Runs restart within seconds because the workers' lock and stalled interval are 5 s and 2 s. Under BullMQ's defaults " +
			"of 30 s each it takes 30 s to a minute and more, by when the kill comes between two looks: --set worker.settings=defaults rehearses that.",
		Labels: []string{"scenario=worker", "store=redis", "store=postgres"},
		Needs:  fixtures.Needs{Workers: 2}, Probe: workload.RunQueue,
		Rates:     map[recovery.Class]int{recovery.Runs: 8},
		Fault:     faults.KillBusyWorker{},
		Scripts:   []drills.Script{{Name: "restart-worker.sh"}},
		Objective: objective(workerRTO), Settle: handover,
		Checks: []drills.Check{everyRunCompletes(), everyStepOnce(), runsHandedOn()},
	}}
}

// handover is how long the queue may take to hand a dead worker's runs on before nobody waits for it
// any more. It is longer than the target: under BullMQ's defaults a lock lives for 30 s, and the
// look for what lost its lock comes every 30 s and may just miss it, so that handing on is measured
// instead of given up.
const handover = 2 * time.Minute

// drainTimeout is how long the workers may take to finish what is queued when the workload ends.
const drainTimeout = 30 * time.Second

func everyRunCompletes() drills.Check {
	return drills.Check{
		Name: "every acknowledged run completes",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			left, err := drills.AwaitNone(ctx, drainTimeout, func(ctx context.Context) ([]string, error) { return s.Stack.UnfinishedRuns(ctx, s.Submitted...) })
			if err != nil {
				return "", err
			}
			if len(left) > 0 {
				return "", drills.Violated("%d runs are not completed %s after the workload's end, such as %s", len(left), recovery.Words(drainTimeout), left[0])
			}
			return fmt.Sprintf("all %d acknowledged runs of the workload are completed", s.Losses[recovery.Runs].Acknowledged-len(s.Submitted)), nil
		},
	}
}

func everyStepOnce() drills.Check {
	return drills.Check{
		Name:   "no completed step is lost or done twice",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.RecordedSteps(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			if len(before) == 0 {
				return "", errors.New("no step was recorded before the fault")
			}
			after, err := s.Stack.RecordedSteps(ctx)
			if err != nil {
				return "", err
			}
			if lost := drills.Missing(before, after); len(lost) > 0 {
				return "", drills.Violated("%d steps that were recorded before the fault are gone or changed, such as %s", len(lost), lost[0])
			}
			if err := none(ctx, stepsDoneTwice(s.Stack), "steps were done twice"); err != nil {
				return "", err
			}
			wrong := func(ctx context.Context) ([]string, error) { return s.Stack.WrongRuns(ctx, s.Submitted...) }
			if err := none(ctx, wrong, "runs have missing or wrong steps"); err != nil {
				return "", err
			}
			return fmt.Sprintf("%d steps, each once", len(after)), nil
		},
	}
}

// stepsDoneTwice asks the workers and the database: a worker that died before it could confirm a step left its row alone.
func stepsDoneTwice(stack *fixtures.Stack) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		journal, err := stack.Journal(ctx)
		if err != nil {
			return nil, err
		}
		stored, err := stack.StepsDoneTwice(ctx)
		return slices.Concat(journal.StepsDoneTwice(), stored), err
	}
}

func runsHandedOn() drills.Check {
	return drills.Check{
		Name: "the killed worker's runs are handed on",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			again, err := s.Stack.RunsBegunAgain(ctx)
			if err == nil && len(again) == 0 {
				err = errors.New("no run was begun again: the killed worker's runs were not handed on")
			}
			return fmt.Sprintf("%d runs were begun again", len(again)), err
		},
	}
}

// none makes a finding of what a query finds.
func none(ctx context.Context, ask func(context.Context) ([]string, error), what string) error {
	found, err := ask(ctx)
	if err == nil && len(found) > 0 {
		err = drills.Violated("%d %s, such as %s", len(found), what, found[0])
	}
	return err
}
