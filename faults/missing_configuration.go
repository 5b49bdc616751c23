package faults

import "context"

// MissingConfiguration takes the first of the configuration's paths away, as an unmounted volume does.
type MissingConfiguration struct{}

// Describe implements Fault.
func (MissingConfiguration) Describe() string { return "a part of the configuration is not there" }

// Inject implements Fault.
func (MissingConfiguration) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, operator, `path=${CONFIG_PATHS%% *}; mv "$path" "$path.away"; echo "moved $path away"`)
}

// Remove implements Obstacle.
func (MissingConfiguration) Remove(ctx context.Context, t Target) error {
	_, err := t.System.RunOn(ctx, operator, `path=${CONFIG_PATHS%% *}; mv "$path.away" "$path"`)
	return err
}
