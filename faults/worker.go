package faults

import (
	"context"
	"fmt"
	"time"
)

// KillBusyWorker ends a worker with SIGKILL while it works on runs.
type KillBusyWorker struct{}

// Describe implements Fault.
func (KillBusyWorker) Describe() string { return "SIGKILL of one worker in the middle of runs" }

const (
	inProgress = `SELECT 1 FROM runs WHERE worker = $1 AND status = 'running'`
	// A run without a step is at its beginning: it is still in progress when the signal arrives.
	justBegun = inProgress + ` AND NOT EXISTS (SELECT FROM run_steps s WHERE s.run_id = runs.id)`
)

// Await implements Awaiter: it waits until a worker has just begun a run.
func (KillBusyWorker) Await(ctx context.Context, t Target) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if worker, err := find(ctx, t, justBegun); err != nil || worker != "" {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: no worker began a run: %w", ErrNothingHit, ctx.Err())
		case <-tick.C:
		}
	}
}

// Inject implements Fault. The seed picks the worker: of those that have just begun a run, or else
// of those that work on one.
func (KillBusyWorker) Inject(ctx context.Context, t Target) (string, error) {
	worker, err := find(ctx, t, justBegun)
	if err == nil && worker == "" {
		worker, err = find(ctx, t, inProgress)
	}
	if err != nil {
		return "", err
	}
	if worker == "" {
		return "", fmt.Errorf("%w: no worker is in the middle of a run", ErrNothingHit)
	}
	hit, err := kill(ctx, t.System, worker)
	if err != nil {
		return "", err
	}
	left, err := t.System.ExecSQL(ctx, inProgress, worker)
	if err != nil {
		return "", err
	}
	if left == 0 {
		return "", fmt.Errorf("%w: %s had just finished its runs", ErrNothingHit, worker)
	}
	return fmt.Sprintf("%s in the middle of %d runs", hit, left), nil
}

// find returns a worker for which the query has rows, in an order that the seed draws; empty if there is none.
func find(ctx context.Context, t Target, query string) (string, error) {
	for _, i := range t.Rand.Perm(len(t.Workers)) {
		runs, err := t.System.ExecSQL(ctx, query, t.Workers[i])
		if err != nil {
			return "", err
		}
		if runs > 0 {
			return t.Workers[i], nil
		}
	}
	return "", nil
}
