package faults

import (
	"context"
	"fmt"
	"time"
)

// Passing is a failure that passes by itself, after a while that is known.
type Passing interface {
	Obstacle
	// Lasts is how long it stands from its injection on.
	Lasts() time.Duration
}

// Network is what connects the services.
type Network interface {
	// Disconnect cuts a service off from all others. Connections that are open get no answer any more.
	Disconnect(ctx context.Context, service string) error
	// Connect ends that.
	Connect(ctx context.Context, service string) error
	// Connected says whether the service is in the network that all are in.
	Connected(ctx context.Context, service string) (bool, error)
}

// Partition cuts a service off from all others for a while.
type Partition struct {
	Service string
	For     time.Duration
}

// Describe implements Fault.
func (p Partition) Describe() string {
	return fmt.Sprintf("%s is cut off from the network for %s", p.Service, p.For)
}

// Inject implements Fault.
func (p Partition) Inject(ctx context.Context, t Target) (string, error) {
	there, err := t.System.Connected(ctx, p.Service)
	if err != nil {
		return "", err
	}
	if !there {
		return "", fmt.Errorf("%w: %s is not in the network", ErrNothingHit, p.Service)
	}
	if err := t.System.Disconnect(ctx, p.Service); err != nil {
		return "", err
	}
	return "cut off " + p.Service, nil
}

// Remove implements Obstacle: the partition heals.
func (p Partition) Remove(ctx context.Context, t Target) error {
	return t.System.Connect(ctx, p.Service)
}

// Lasts implements Passing.
func (p Partition) Lasts() time.Duration { return p.For }
