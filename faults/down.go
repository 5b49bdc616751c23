package faults

import "context"

// Starter starts services again.
type Starter interface {
	// Start starts a service whose container has ended.
	Start(ctx context.Context, service string) error
}

// Down is a service that is killed and started again later.
type Down struct{ Service string }

// Describe implements Fault.
func (d Down) Describe() string { return d.Service + " is down" }

// Inject implements Fault.
func (d Down) Inject(ctx context.Context, t Target) (string, error) {
	return kill(ctx, t.System, d.Service)
}

// Remove implements Obstacle.
func (d Down) Remove(ctx context.Context, t Target) error { return t.System.Start(ctx, d.Service) }
