package faults

import (
	"context"
	"fmt"
	"time"
)

// Freezer stops processes without ending them.
type Freezer interface {
	// FreezeService stops all processes of a service; Frozen says whether that is so.
	FreezeService(ctx context.Context, service string) error
	Frozen(ctx context.Context, service string) (bool, error)
}

// FreezeBusyWorker freezes a worker in the middle of a run that is given to the queue for that. It
// thaws nobody: a drill that wakes the worker does so in a check.
type FreezeBusyWorker struct {
	// Run is long enough that another worker still works on it when the frozen one wakes.
	Run Run
}

// Describe implements Fault.
func (FreezeBusyWorker) Describe() string {
	return "one worker is frozen in the middle of runs: it keeps its connections and does nothing"
}

const (
	// A run is in the middle when a step of it is recorded: its worker is then busy with the next one, and not
	// asking the database, where the freeze would let that question fail instead of the write that comes after it.
	holdsRun = `SELECT 1 FROM runs WHERE worker = $1 AND id = $2 AND status = 'running'
		AND EXISTS (SELECT 1 FROM run_steps WHERE run_id = $2)`
	takeTimeout = 20 * time.Second
)

// Inject implements Fault.
func (f FreezeBusyWorker) Inject(ctx context.Context, t Target) (string, error) {
	id, err := t.Queue.Submit(ctx, f.Run)
	if err != nil {
		return "", err
	}
	worker, err := holder(ctx, t, id)
	if err != nil {
		return "", err
	}
	if err := t.System.FreezeService(ctx, worker); err != nil {
		return "", fmt.Errorf("freeze %s: %w", worker, err)
	}
	frozen, err := t.System.Frozen(ctx, worker)
	if err != nil {
		return "", err
	}
	held, err := t.System.ExecSQL(ctx, holdsRun, worker, id)
	if err != nil {
		return "", err
	}
	if !frozen || held == 0 {
		return "", fmt.Errorf("%w: %s frozen: %t, in the middle of %s: %t", ErrNothingHit, worker, frozen, id, held > 0)
	}
	return fmt.Sprintf("froze %s in the middle of %s", worker, id), nil
}

// holder waits until a worker is in the middle of the run, and returns which.
func holder(ctx context.Context, t Target, id string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, takeTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, worker := range t.Workers {
			held, err := t.System.ExecSQL(ctx, holdsRun, worker, id)
			if err != nil || held > 0 {
				return worker, err
			}
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w: no worker did a step of run %s: %w", ErrNothingHit, id, ctx.Err())
		case <-tick.C:
		}
	}
}
