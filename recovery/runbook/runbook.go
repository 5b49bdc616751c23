// Package runbook runs recovery scripts step by step and writes down what they did.
//
// A script says which step begins by printing a line
//
//	==> stop the server
//	==> restore the dump (deadline 600s)
//
// and may note figures for the record with lines of the form
//
//	fact restored_from cogitator_20261123.dump
//
// Everything else is output of the step. The runbook times the steps, ends a script whose step
// passes its deadline, and keeps a transcript in which no secret appears. A script without
// steps is one step, named as the script.
package runbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// Executor runs a command where scripts run: in a drill, the operator container.
type Executor interface {
	// Exec runs the command and passes on its output as it comes, stdout and stderr merged. When
	// the context ends it kills everything that the command started, and returns. An error says
	// that the command could not be run or watched; a command that failed has an exit code, as a shell
	// gives it: 126 where it is not executable, 127 where it is not there.
	Exec(ctx context.Context, cmd Command, out io.Writer) (exitCode int, err error)
}

// Command is what an Executor runs.
type Command struct {
	Args []string
	Env  map[string]string
}

// Script is one script of the runbook.
type Script struct {
	Name string
	Args []string
	Path string // where the executor finds it
}

// Exit codes that the runbook gives itself; they follow timeout(1), env(1) and the shell.
const (
	ExitDeadline      = 124 // a step passed its deadline
	ExitNotRun        = 125 // the executor failed: nothing is known of the script's end
	ExitNotExecutable = 126
	ExitNotFound      = 127
	ExitInterrupted   = 130 // the drill was ended
)

// Step is one step of a script, as it went. Instants are of the drill's clock.
type Step struct {
	Script, Name string
	From, To     time.Duration
	Deadline     time.Duration
	// Announced by a line of the script. The step before the first such line, and that of a script which has none, is not.
	Announced bool
	ExitCode  int // of the last step begun, the script's; 0 for those before it
	TimedOut  bool
	Output    string // its first and last 32 KiB, without secrets and control characters
}

// Transcript is one run of a script. Its last step is the one in which it ended.
type Transcript struct {
	Script   string
	Steps    []Step // never empty
	ExitCode int
	// Err is why the script did not run to an end of its own, or why the transcript is incomplete; nil for a
	// script that ended by itself, with whatever exit code.
	Err      error
	Facts    map[string]string // the last value of each name
	From, To time.Duration
}

// Why a script did not run to an end of its own.
var (
	// ErrDeadline: a step passed its deadline.
	ErrDeadline = errors.New("passed its deadline")
	// ErrInterrupted: the context of Run ended first.
	ErrInterrupted = errors.New("interrupted")
	// ErrStuck: the executor did not return after its context had ended. What the script started may still run.
	ErrStuck = errors.New("still running after it was told to end")
)

// Failure says in one line what failed and in which step; nil for a script that succeeded.
func (t Transcript) Failure() error {
	last := t.Steps[len(t.Steps)-1]
	switch {
	case t.Err != nil:
		return fmt.Errorf("%s: step %q: %w", t.Script, last.Name, t.Err)
	case t.ExitCode != 0:
		return fmt.Errorf("%s: step %q ended with exit code %d%s", t.Script, last.Name, t.ExitCode, meaning(t.ExitCode))
	default:
		return nil
	}
}

// meaning explains the exit codes that a shell gives to what it could not run.
func meaning(exitCode int) string {
	switch exitCode {
	case ExitNotExecutable:
		return " (found, but not executable)"
	case ExitNotFound:
		return " (command not found)"
	default:
		return ""
	}
}

// Spans are the steps as parts of a recovery time.
func (t Transcript) Spans() []recovery.Span {
	spans := make([]recovery.Span, len(t.Steps))
	for i, s := range t.Steps {
		spans[i] = recovery.Span{Name: s.Name, From: s.From, To: s.To}
	}
	return spans
}
