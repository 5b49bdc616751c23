package faults

import (
	"context"
	"fmt"
	"strings"
)

// BrokenRuntime cuts the Extism runtime of every worker short, and has the workers start again: what
// they have loaded already would go on working.
type BrokenRuntime struct{}

// Describe implements Fault.
func (BrokenRuntime) Describe() string {
	return "the Extism runtime of every worker is damaged, and the workers have started again since"
}

// Inject implements Fault.
func (BrokenRuntime) Inject(ctx context.Context, t Target) (string, error) {
	var hits []string
	for _, worker := range t.Workers {
		hit, err := breakOn(ctx, t.System, worker, `
			file="$PLUGIN_RUNTIME_DIR/node_modules/@extism/extism/dist/cjs/index.js"
			[ -s "$file" ] || exit 0
			truncate --size "$(($(stat --format %s "$file") / 2))" "$file"; echo "cut $file short"`)
		if err != nil {
			return "", err
		}
		if _, err := kill(ctx, t.System, worker); err != nil {
			return "", err
		}
		if err := t.System.Start(ctx, worker); err != nil {
			return "", err
		}
		hits = append(hits, worker+": "+hit)
	}
	if len(hits) == 0 {
		return "", fmt.Errorf("%w: there are no workers", ErrNothingHit)
	}
	return strings.Join(hits, ", "), nil
}
