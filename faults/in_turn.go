package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Obstacle is a failure that can be taken away again.
type Obstacle interface {
	Fault
	// Remove takes it away. It works on a context that outlives the drill's own.
	Remove(ctx context.Context, t Target) error
}

// InTurn are obstacles of which each is taken away before the next one is put up: what has to fail
// well is tried against every one of them.
type InTurn []Obstacle

// Describe implements Fault.
func (o InTurn) Describe() string {
	var words []string
	for _, obstacle := range o {
		words = append(words, obstacle.Describe())
	}
	return "in turn: " + strings.Join(words, "; ")
}

// Inject implements Fault: it puts each of them up and takes it away.
func (o InTurn) Inject(ctx context.Context, t Target) (string, error) {
	return o.Each(ctx, t, func(Obstacle) (func() error, error) { return nil, nil })
}

// Each puts up each obstacle and calls try while it stands. What try returns is called once the
// obstacle is gone. Each stops at the first error, and leaves no obstacle standing but what is left to the recovery.
func (o InTurn) Each(ctx context.Context, t Target, try func(Obstacle) (after func() error, err error)) (string, error) {
	var hits []string
	for _, obstacle := range o {
		hit, err := obstacle.Inject(ctx, t)
		if err != nil {
			return strings.Join(hits, "; "), fmt.Errorf("%s: %w", obstacle.Describe(), err)
		}
		hits = append(hits, hit)
		after, err := try(obstacle)
		err = errors.Join(err, obstacle.Remove(context.WithoutCancel(ctx), t))
		if err == nil && after != nil {
			err = after()
		}
		if err != nil {
			return strings.Join(hits, "; "), fmt.Errorf("%s: %w", obstacle.Describe(), err)
		}
	}
	return strings.Join(hits, "; "), nil
}
