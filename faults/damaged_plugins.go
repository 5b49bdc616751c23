package faults

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// DamagedPlugins damages the file of a plugin in every worker's cache: in the first its addition becomes
// a subtraction, so that it still runs, in the others it is cut short.
type DamagedPlugins struct{}

const cachedPlugin = `file="$PLUGIN_CACHE_DIR/sum.wasm"; `

// Describe implements Fault.
func (DamagedPlugins) Describe() string {
	return "files of the plugin cache are damaged, one so that it still runs"
}

// Await implements Awaiter: it waits until every worker has cached the plugin.
func (DamagedPlugins) Await(ctx context.Context, t Target) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		cached := 0
		for _, worker := range t.Workers {
			there, err := t.System.RunOn(ctx, worker, cachedPlugin+`[ ! -s "$file" ] || echo there`)
			if err != nil {
				return err
			}
			if strings.TrimSpace(there) != "" {
				cached++
			}
		}
		if cached == len(t.Workers) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %d of %d workers have the plugin in their cache", ErrNothingHit, cached, len(t.Workers))
		case <-tick.C:
		}
	}
}

// Inject implements Fault.
func (DamagedPlugins) Inject(ctx context.Context, t Target) (string, error) {
	var hits []string
	for i, worker := range t.Workers {
		damage := `truncate --size "$(($(stat --format %s "$file") / 2))" "$file"; echo "cut the plugin short"`
		if i == 0 {
			// 0x7c is the opcode of an addition, 0x7d that of a subtraction.
			damage = `at=$(grep --only-matching --byte-offset --text --perl-regexp '\x7c' "$file" | tail -n 1 | cut -d : -f 1)
				printf '\175' | dd of="$file" bs=1 seek="${at:?}" conv=notrunc status=none; echo "made the plugin subtract"`
		}
		hit, err := breakOn(ctx, t.System, worker, cachedPlugin+damage)
		if err != nil {
			return "", err
		}
		hits = append(hits, worker+": "+hit)
	}
	if len(hits) == 0 {
		return "", fmt.Errorf("%w: there are no workers", ErrNothingHit)
	}
	return strings.Join(hits, ", "), nil
}
