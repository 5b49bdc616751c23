package drills

import (
	"context"
	"time"
)

// AwaitNone asks until nothing is left, and returns what is left, or why it cannot be told, when
// that is not so in time.
func AwaitNone(ctx context.Context, timeout time.Duration, ask func(context.Context) ([]string, error)) ([]string, error) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := ask(ctx)
		if err == nil && len(left) == 0 {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timer.C:
			return left, err
		case <-tick.C:
		}
	}
}
