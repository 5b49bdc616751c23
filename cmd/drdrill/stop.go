package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// errOutputLost is why a run ends when nobody reads its output any more.
var errOutputLost = errors.New("output closed")

// untilStopped is a context that ends at the first Ctrl-C, SIGTERM or SIGHUP, or when the caller
// gives up, with the reason as its cause. From then on signals act as usual again, so that a second
// Ctrl-C leaves at once. A broken pipe does not end the process: the write fails instead, and the
// run can end in good order. Call over when the run is over.
func untilStopped(parent context.Context) (ctx context.Context, giveUp context.CancelCauseFunc, over func()) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup means: go on when the terminal goes
		signals = append(signals, syscall.SIGHUP)
	}
	signalled, stop := signal.NotifyContext(parent, signals...)
	context.AfterFunc(signalled, stop)

	pipe := make(chan os.Signal, 1) // never read: asking for the signal is what makes writes fail
	signal.Notify(pipe, syscall.SIGPIPE)

	ctx, giveUp = context.WithCancelCause(signalled)
	return ctx, giveUp, func() {
		giveUp(nil)
		stop()
		signal.Stop(pipe)
	}
}

// watched is a writer that reports the first failed write and swallows everything from then on: a
// lost terminal must not take down what still has to be cleaned up.
type watched struct {
	w    io.Writer
	lost func(error)
	mu   sync.Mutex
	dead bool
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return len(b), nil
	}
	if _, err := w.w.Write(b); err != nil {
		w.dead = true
		w.lost(errOutputLost)
	}
	return len(b), nil
}
