package runbook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"

	"github.com/cogitator-ai/drdrill/recovery"
)

// finish ends the transcript with what the executor returned. ctx is the one that Run was given.
func (rec *recorder) finish(ctx context.Context, code int, err error) Transcript {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.ended = true
	rec.timer.Stop()
	rec.now = rec.runner.Clock.Now()
	rec.splitter.write(rec.redactor.Flush())
	rec.splitter.flush()
	if len(rec.transcript.Steps) == 0 {
		rec.openUnnamed()
	}
	rec.conclude(ctx, code, err)
	rec.transcript.To = rec.now
	rec.closeStep(rec.transcript.ExitCode)
	rec.log.line(rec.now, fmt.Sprintf("exit code %d", rec.transcript.ExitCode))
	rec.log.flush()
	if rec.log.err != nil {
		rec.transcript.Err = errors.Join(rec.transcript.Err, fmt.Errorf("write the transcript: %w", rec.log.err))
	}
	return rec.transcript
}

// conclude finds out how the script ended.
func (rec *recorder) conclude(ctx context.Context, code int, err error) {
	t := &rec.transcript
	switch {
	case rec.timedOut:
		deadline := t.Steps[len(t.Steps)-1].Deadline
		t.ExitCode, t.Err = ExitDeadline, fmt.Errorf("%w of %s", ErrDeadline, recovery.Words(deadline))
	case ctx.Err() != nil && (err != nil || code != 0):
		t.ExitCode, t.Err = ExitInterrupted, fmt.Errorf("%w: %w", ErrInterrupted, context.Cause(ctx))
		rec.remark(t.Err.Error())
	case err != nil:
		t.ExitCode, t.Err = startCode(err), fmt.Errorf("run %s: %w", rec.script.Path, err)
		rec.remark(t.Err.Error())
	default:
		t.ExitCode = code
		rec.explain(code)
	}
	if errors.Is(err, ErrStuck) && !errors.Is(t.Err, ErrStuck) {
		t.Err = fmt.Errorf("%w; %w", t.Err, err)
	}
	if t.Err != nil {
		t.Err = rec.redactor.Error(t.Err)
	}
}

// explain says what to look at when a script could not be started. A script whose steps began was.
func (rec *recorder) explain(code int) {
	steps := rec.transcript.Steps
	if len(steps) != 1 || steps[0].Name != rec.transcript.Script {
		return
	}
	switch code {
	case ExitNotExecutable:
		rec.remark(fmt.Sprintf("exit code %d: %s, or a command in it, is not executable; check its mode and its #! line", code, rec.script.Path))
	case ExitNotFound:
		rec.remark(fmt.Sprintf("exit code %d: %s, its interpreter or a command in it was not found", code, rec.script.Path))
	}
}

// startCode is the exit code for a command that the executor could not run.
func startCode(err error) int {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return ExitNotExecutable
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, exec.ErrNotFound):
		return ExitNotFound
	default:
		return ExitNotRun
	}
}
