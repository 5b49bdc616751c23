package faults

import (
	"context"
	"fmt"
)

// Containers are the services of the stack as processes and volumes.
type Containers interface {
	// Kill ends all processes of the service with SIGKILL.
	Kill(ctx context.Context, service string) error
	Running(ctx context.Context, service string) (bool, error)
	// Destroy removes the service's container and volumes and returns what it removed.
	Destroy(ctx context.Context, service string) ([]string, error)
}

// Kill ends a service with SIGKILL, never gracefully: what it had not written is gone.
type Kill struct{ Service string }

// Describe implements Fault.
func (k Kill) Describe() string { return "SIGKILL of all processes of " + k.Service }

// Inject implements Fault.
func (k Kill) Inject(ctx context.Context, t Target) (string, error) {
	return kill(ctx, t.System, k.Service)
}

func kill(ctx context.Context, c Containers, service string) (string, error) {
	runs, err := c.Running(ctx, service)
	if err != nil {
		return "", err
	}
	if !runs {
		return "", fmt.Errorf("%w: %s does not run", ErrNothingHit, service)
	}
	if err := c.Kill(ctx, service); err != nil {
		return "", err
	}
	if runs, err = c.Running(ctx, service); err != nil {
		return "", err
	}
	if runs {
		return "", fmt.Errorf("%w: %s still runs after SIGKILL", ErrNothingHit, service)
	}
	return "killed " + service, nil
}
