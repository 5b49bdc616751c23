package runbook

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// play is an Executor that acts as a script: it prints, lets time pass, and ends.
type play func(ctx context.Context, out io.Writer) (int, error)

func (p play) Exec(ctx context.Context, _ Command, out io.Writer) (int, error) { return p(ctx, out) }

// prints is a play that prints the texts, one write each, and ends with the code.
func prints(code int, texts ...string) play {
	return func(_ context.Context, out io.Writer) (int, error) {
		for _, text := range texts {
			fmt.Fprint(out, text)
		}
		return code, nil
	}
}

// hangs is a play that prints the texts and ends only when it is killed, with a last word.
func hangs(texts ...string) play {
	return func(ctx context.Context, out io.Writer) (int, error) {
		for _, text := range texts {
			fmt.Fprint(out, text)
		}
		<-ctx.Done()
		fmt.Fprintln(out, "==> last word")
		return 137, nil
	}
}

var restore = Script{Name: "restore.sh", Path: "/opt/scripts/restore.sh"}

// manualClock stands still until it is moved.
type manualClock struct{ now atomic.Int64 }

func (c *manualClock) Now() time.Duration   { return time.Duration(c.now.Load()) }
func (c *manualClock) move(d time.Duration) { c.now.Add(int64(d)) }
