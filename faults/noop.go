package faults

import "context"

// Noop breaks nothing. It is the example to begin a fault of your own from, and what a drill of a
// healthy system uses: since it hits nothing, such a drill is never met.
type Noop struct{}

// Describe implements Fault.
func (Noop) Describe() string { return "nothing is broken" }

// Inject implements Fault.
func (Noop) Inject(context.Context, Target) (string, error) { return "", ErrNothingHit }
