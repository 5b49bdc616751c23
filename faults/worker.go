package faults

import (
	"context"
	"fmt"
)

// KillBusyWorker ends a worker with SIGKILL while it works on runs.
type KillBusyWorker struct{}

// Describe implements Fault.
func (KillBusyWorker) Describe() string { return "SIGKILL of one worker in the middle of runs" }

const inProgress = `SELECT 1 FROM runs WHERE worker = $1 AND status = 'running'`

// Inject implements Fault. The seed picks the worker, among those that work on a run.
func (KillBusyWorker) Inject(ctx context.Context, t Target) (string, error) {
	for _, i := range t.Rand.Perm(len(t.Workers)) {
		worker := t.Workers[i]
		runs, err := t.System.ExecSQL(ctx, inProgress, worker)
		if err != nil {
			return "", err
		}
		if runs == 0 {
			continue
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
	return "", fmt.Errorf("%w: no worker is in the middle of a run", ErrNothingHit)
}
