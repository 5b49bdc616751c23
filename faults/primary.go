package faults

import (
	"context"
	"fmt"
)

// Primary is a service with a standby that can take its place.
type Primary interface {
	Containers
	// HauntPrimary has the primary start again once its standby is promoted, and a client that does
	// not know write straight to it.
	HauntPrimary(ctx context.Context)
}

// LosePrimary kills a primary that comes back later, when another has its place.
type LosePrimary struct{ Service string }

// Describe implements Fault.
func (l LosePrimary) Describe() string {
	return fmt.Sprintf("SIGKILL of all processes of %s, which starts again as soon as its standby is promoted; a client goes on writing straight to it", l.Service)
}

// Inject implements Fault.
func (l LosePrimary) Inject(ctx context.Context, t Target) (string, error) {
	hit, err := kill(ctx, t.System, l.Service)
	if err != nil {
		return "", err
	}
	t.System.HauntPrimary(ctx)
	return hit, nil
}
