package faults

import (
	"context"
	"fmt"
	"time"
)

// Queue takes runs, as clients give them to the API.
type Queue interface {
	// Submit returns the run's id once it has been acknowledged.
	Submit(ctx context.Context, r Run) (id string, err error)
}

// Run is a run for the queue.
type Run struct {
	Input string // as the workers read it
	Steps int
	Step  time.Duration // how long a step takes
}

// Endings say how services came to their end.
type Endings interface {
	// Ended says whether the service's process has ended, and how, in the words of service managers:
	// success, exit-code, signal or oom-kill.
	Ended(ctx context.Context, service string) (ended bool, how string, err error)
}

// LethalRun gives the queue a run that takes down every worker that takes it.
type LethalRun struct {
	Why   string // in words: what the run does to its worker
	Input string // that makes a worker do it
	Ends  string // how a worker must end by it, in the words of Endings
}

// Describe implements Fault.
func (l LethalRun) Describe() string { return "a run that " + l.Why }

// lethalStep is how long a worker lives with the run. The workload's runs take less: those beside it
// when it kills are others each time, and are not taken for what kills.
const lethalStep = 600 * time.Millisecond

const lethalTimeout = 30 * time.Second

// Inject implements Fault. It returns when the first worker is dead.
func (l LethalRun) Inject(ctx context.Context, t Target) (string, error) {
	id, err := t.Queue.Submit(ctx, Run{Input: l.Input, Steps: 1, Step: lethalStep})
	if err != nil {
		return "", err
	}
	worker, how, err := firstToEnd(ctx, t)
	if err != nil {
		return "", fmt.Errorf("run %s: %w", id, err)
	}
	if how != l.Ends {
		return "", fmt.Errorf("%w: %s ended by %s, and not by run %s, which leads to %s", ErrNothingHit, worker, how, id, l.Ends)
	}
	return fmt.Sprintf("run %s ended %s: %s", id, worker, how), nil
}

// firstToEnd waits until one of the workers is dead.
func firstToEnd(ctx context.Context, t Target) (worker, how string, err error) {
	ctx, cancel := context.WithTimeout(ctx, lethalTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, worker := range t.Workers {
			ended, how, err := t.System.Ended(ctx, worker)
			if err != nil || ended {
				return worker, how, err
			}
		}
		select {
		case <-ctx.Done():
			return "", "", fmt.Errorf("%w: no worker ended: %w", ErrNothingHit, ctx.Err())
		case <-tick.C:
		}
	}
}
