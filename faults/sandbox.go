package faults

import (
	"context"
	"fmt"
	"strings"
)

// SandboxHost is the engine that the stack's sandboxes run on.
type SandboxHost interface {
	// Sandboxes are the ids of the stack's sandboxes.
	Sandboxes(ctx context.Context) ([]string, error)
	// FreezeContainer stops all processes of a container without ending them.
	FreezeContainer(ctx context.Context, id string) error
	// RemoveSandboxImage takes the image and all sandboxes of it off the engine and returns what it removed.
	RemoveSandboxImage(ctx context.Context) ([]string, error)
	// BreakSandboxImage puts a broken image under the name and takes the right one and its sandboxes off the
	// engine. It returns what it did once the sandboxes are of the broken one.
	BreakSandboxImage(ctx context.Context) ([]string, error)
}

// FreezeSandboxes freezes all sandboxes but one while they run tools.
type FreezeSandboxes struct{}

// Describe implements Fault.
func (FreezeSandboxes) Describe() string {
	return "all sandboxes but one are frozen while they run tools"
}

// Inject implements Fault.
func (FreezeSandboxes) Inject(ctx context.Context, t Target) (string, error) {
	ids, err := t.System.Sandboxes(ctx)
	if err != nil {
		return "", err
	}
	if len(ids) < 2 {
		return "", fmt.Errorf("%w: %d sandboxes, and one is to stay healthy", ErrNothingHit, len(ids))
	}
	for _, id := range ids[1:] {
		if err := t.System.FreezeContainer(ctx, id); err != nil {
			return "", fmt.Errorf("freeze sandbox %.12s: %w", id, err)
		}
	}
	return fmt.Sprintf("froze %d of %d sandboxes", len(ids)-1, len(ids)), nil
}

// RemoveSandboxImage takes the sandbox image off the host, and with it the sandboxes.
type RemoveSandboxImage struct{}

// Describe implements Fault.
func (RemoveSandboxImage) Describe() string {
	return "the sandbox image and the sandboxes made from it are gone from the host"
}

// Inject implements Fault.
func (RemoveSandboxImage) Inject(ctx context.Context, t Target) (string, error) {
	removed, err := t.System.RemoveSandboxImage(ctx)
	if err != nil {
		return "", err
	}
	if !strings.Contains(strings.Join(removed, "\n"), "image ") {
		return "", fmt.Errorf("%w: there was no image to remove", ErrNothingHit)
	}
	return "removed " + strings.Join(removed, ", "), nil
}

// BreakSandboxImage lets the sandbox image's name point to an image that gives wrong answers.
type BreakSandboxImage struct{}

// Describe implements Fault.
func (BreakSandboxImage) Describe() string {
	return "the sandbox image's tag points to a broken image, whose sandboxes give wrong answers"
}

// Inject implements Fault.
func (BreakSandboxImage) Inject(ctx context.Context, t Target) (string, error) {
	done, err := t.System.BreakSandboxImage(ctx)
	if err != nil {
		return "", err
	}
	hit := strings.Join(done, ", ")
	if !strings.HasPrefix(hit, "tagged image ") || !strings.Contains(hit, ", image ") {
		return "", fmt.Errorf("%w: there was no image to replace: %s", ErrNothingHit, hit)
	}
	return hit, nil
}
