package runbook

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// DefaultDeadline is a step's deadline where neither the script nor the Runner says another.
const DefaultDeadline = 2 * time.Minute

// killGrace is how long an executor may take to end a command. One that takes longer is left
// behind: a drill must go on to its verdict.
const killGrace = 10 * time.Second

// Runner runs scripts. The zero values of all fields but Exec are useful.
type Runner struct {
	Exec  Executor
	Clock recovery.Clock // nil: one that starts with the script
	// Secrets are replaced by [redacted] wherever the script or the executor prints them.
	Secrets  []string
	Deadline time.Duration // for steps that name none; 0: DefaultDeadline
	// Observe is told when a step begins and ends, one event at a time. It must be quick.
	Observe func(StepEvent)
	// Log gets the whole transcript, each line with its instant.
	Log io.Writer
}

// StepEvent is the beginning of a step, or its end.
type StepEvent struct {
	Kind StepEventKind
	Step Step // without To, ExitCode and Output while it runs
}

// StepEventKind says what a StepEvent tells.
type StepEventKind int

// The kinds of events.
const (
	StepBegan StepEventKind = iota
	StepEnded
)

// Run runs the script to its end, to a step's deadline, or to the end of the context. It always returns a
// transcript of at least one step.
func (r Runner) Run(ctx context.Context, s Script, env map[string]string) Transcript {
	r, s = r.withDefaults(), s.withDefaults()
	running, end := context.WithCancelCause(ctx)
	defer end(nil)
	rec := newRecorder(r, s, end)
	rec.start()
	code, err := r.execute(running, s.command(env), rec)
	return rec.finish(ctx, code, err)
}

func (r Runner) withDefaults() Runner {
	if r.Clock == nil {
		r.Clock = recovery.NewClock()
	}
	if r.Deadline <= 0 {
		r.Deadline = DefaultDeadline
	}
	if r.Observe == nil {
		r.Observe = func(StepEvent) {}
	}
	if r.Log == nil {
		r.Log = io.Discard
	}
	return r
}

func (s Script) withDefaults() Script {
	if s.Name == "" {
		s.Name = path.Base(s.Path)
	}
	return s
}

func (s Script) command(env map[string]string) Command {
	return Command{Args: append([]string{s.Path}, s.Args...), Env: maps.Clone(env)}
}

// execute is Exec for executors that are not to be relied on to return.
func (r Runner) execute(ctx context.Context, cmd Command, out io.Writer) (int, error) {
	if ctx.Err() != nil {
		return ExitNotRun, ctx.Err()
	}
	type result struct {
		code int
		err  error
	}
	returned := make(chan result, 1)
	go func() {
		code, err := r.Exec.Exec(ctx, cmd, out)
		returned <- result{code, err}
	}()
	select {
	case end := <-returned:
		return end.code, end.err
	case <-ctx.Done():
	}
	grace := time.NewTimer(killGrace)
	defer grace.Stop()
	select {
	case end := <-returned:
		return end.code, end.err
	case <-grace.C:
		return ExitNotRun, fmt.Errorf("%w for %s", ErrStuck, killGrace)
	}
}
