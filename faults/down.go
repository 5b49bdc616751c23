package faults

import "context"

// Starter starts services again.
type Starter interface {
	// Start starts a service whose container has ended.
	Start(ctx context.Context, service string) error
}

// Down is a service that is killed and started again later.
type Down struct {
	Service string
	// Stays leaves it to the recovery to start the service.
	Stays bool
}

// Describe implements Fault.
func (d Down) Describe() string {
	if d.Stays {
		return d.Service + " is down, and stays so"
	}
	return d.Service + " is down"
}

// Inject implements Fault.
func (d Down) Inject(ctx context.Context, t Target) (string, error) {
	return kill(ctx, t.System, d.Service)
}

// Remove implements Obstacle.
func (d Down) Remove(ctx context.Context, t Target) error {
	if d.Stays {
		return nil
	}
	return t.System.Start(ctx, d.Service)
}
