package faults

import (
	"context"
	"fmt"
	"strings"
)

// Destroy takes a service's container and its volumes away.
type Destroy struct{ Service string }

// Describe implements Fault.
func (d Destroy) Describe() string { return "container and volumes of " + d.Service + " are gone" }

// Inject implements Fault.
func (d Destroy) Inject(ctx context.Context, t Target) (string, error) {
	removed, err := t.System.Destroy(ctx, d.Service)
	if err != nil {
		return "", err
	}
	for _, what := range removed {
		if strings.HasPrefix(what, "volume ") {
			return "removed " + strings.Join(removed, ", "), nil
		}
	}
	return "", fmt.Errorf("%w: %s had no volume to lose", ErrNothingHit, d.Service)
}
