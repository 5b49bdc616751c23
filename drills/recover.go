package drills

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// impactTimeout is how long clients may take to notice the fault.
const impactTimeout = 15 * time.Second

// feltEvery is how often the workload's failures are looked at.
const feltEvery = 20 * time.Millisecond

// awaitImpact waits until the probe fails. A drill whose outage nobody sees goes on to its verdict,
// which the measurement makes not proven.
func (r *rehearsal) awaitImpact(ctx context.Context) error {
	if r.drill.Objective.RTO == 0 {
		return nil // nothing is held to a recovery time
	}
	timer := time.NewTimer(r.setting.Scale.Patient(impactTimeout))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case <-r.watch.Down():
		r.mark(recovery.Detected)
		return r.awaitFelt(ctx, timer.C)
	case <-timer.C:
		r.note("no client saw an outage within %s", recovery.Words(r.setting.Scale.Patient(impactTimeout)))
	}
	return nil
}

// awaitFelt waits until a write of each class that the drill wants to fail has failed.
func (r *rehearsal) awaitFelt(ctx context.Context, timeout <-chan time.Time) error {
	injected, _ := r.timeline.At(recovery.Injected)
	tick := time.NewTicker(feltEvery)
	defer tick.Stop()
	for len(r.drill.Felt) > 0 {
		left := unhurt(r.drill.Felt, r.workload.Failures(), injected)
		if len(left) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted: %w", context.Cause(ctx))
		case <-timeout:
			r.note("no write of %v failed", left)
			return nil
		case <-tick.C:
		}
	}
	return nil
}

// unhurt are those of the classes of which no write has failed that was issued since the instant.
func unhurt(classes []recovery.Class, failures []workload.Failure, since time.Duration) []recovery.Class {
	return slices.DeleteFunc(slices.Clone(classes), func(class recovery.Class) bool {
		return slices.ContainsFunc(failures, func(f workload.Failure) bool { return f.Class == class && f.At >= since })
	})
}

// recover runs the recovery scripts. A script that fails ends them, and is a finding; what it
// reached is measured all the same.
func (r *rehearsal) recover(ctx context.Context) error {
	ended := r.mark(recovery.RecoveryStarted)
	// It ends with the scripts: what is looked for behind them is no part of it.
	defer func() { r.timeline.Mark(recovery.RecoveryFinished, ended) }()
	if err := r.awaitPassing(ctx); err != nil {
		return err
	}
	ended = r.clock.Now()
	for _, script := range r.drill.Scripts {
		transcript := r.runScript(ctx, script)
		r.recovered, ended = append(r.recovered, transcript), r.clock.Now()
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", context.Cause(ctx))
		}
		if err := r.findLeftRunning(ctx, script); err != nil {
			return err
		}
		if err := transcript.Failure(); err != nil {
			r.judgement.FindOf(script.Name, verdictOf(transcript), "%s", err)
			return nil
		}
	}
	return nil
}

// findLeftRunning finds what a script has left running behind its end: a process that nobody watches can still do anything.
func (r *rehearsal) findLeftRunning(ctx context.Context, script Script) error {
	left, err := r.stack.LeftRunning(ctx)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		r.judgement.FindOf(script.Name+" left running", recovery.Missed, "%s ended and left running: %s", script.Name, strings.Join(left, "; "))
	}
	return nil
}

// awaitPassing waits until a fault that passes by itself is over, and lets it end, even when the
// drill is interrupted meanwhile.
func (r *rehearsal) awaitPassing(ctx context.Context) error {
	fault, passes := r.drill.Fault.(faults.Passing)
	if !passes {
		return nil
	}
	injected, _ := r.timeline.At(recovery.Injected)
	err := r.wait(ctx, injected+fault.Lasts()-r.clock.Now())
	return errors.Join(err, fault.Remove(context.WithoutCancel(ctx), r.target()))
}

// verdictOf a script that failed: it missed its purpose, unless it was the harness that could not
// run it or watch it to its end.
func verdictOf(t runbook.Transcript) recovery.Verdict {
	if t.Err != nil && !errors.Is(t.Err, runbook.ErrDeadline) {
		return recovery.NotProven
	}
	return recovery.Missed
}

// Failed is why a script did not do what a check asked of it: a finding, unless it was the harness that could not run it.
func Failed(t runbook.Transcript) error {
	err := t.Failure()
	if err == nil || verdictOf(t) == recovery.NotProven {
		return err
	}
	said := lastLine(t.Steps[len(t.Steps)-1].Output)
	return Violated("%s: %s", err, said)
}

// runScript runs one script in the operator container, as the runbook does: step by step.
func (r *rehearsal) runScript(ctx context.Context, s Script) runbook.Transcript {
	return r.runScriptOn(ctx, r.stack, s)
}

// runScriptOn runs one script in the operator container of a stack.
func (r *rehearsal) runScriptOn(ctx context.Context, stack *fixtures.Stack, s Script) runbook.Transcript {
	runner := runbook.Runner{
		Exec: stack, Clock: r.clock, Secrets: r.secrets(), Deadline: r.setting.Scale.Patient(stepDeadline), Log: r.log,
		Observe: r.tellStep,
	}
	env := stack.ScriptEnv()
	maps.Copy(env, s.Env)
	return runner.Run(ctx, runbook.Script{Name: s.Name, Args: s.Args, Path: stack.ScriptPath(s.Name)}, env)
}

// stepDeadline is a step's when it states none itself.
const stepDeadline = 2 * time.Minute

// awaitRestored waits until the service has been right for the whole hold period, and measures the
// outage. A service that is not restored is no failure of the harness: the verdict says so.
func (r *rehearsal) awaitRestored(ctx context.Context) error {
	injected, _ := r.timeline.At(recovery.Injected)
	hold := r.drill.Objective.Hold
	err := r.awaitHeld(ctx, r.setting.Scale.Patient(r.drill.Settle)+hold, func() error {
		if why := r.rightFor(hold, injected); why != nil {
			return why
		}
		if _, err := r.measure(injected); !errors.Is(err, recovery.ErrNoImpact) {
			return err
		}
		return nil
	})
	if ctx.Err() != nil {
		return err
	}
	if err != nil {
		r.note("%v", err)
	}
	r.outage, r.outageErr = r.measure(injected)
	if !errors.Is(r.outageErr, recovery.ErrNoImpact) {
		r.timeline.Mark(recovery.Impact, r.outage.Impact)
	}
	if r.outageErr == nil {
		r.timeline.Mark(recovery.Restored, r.outage.Restored)
	}
	return nil
}

// measure finds the outage in what clients have seen so far. Where the probe does not see all that
// the procedure brings back, the service counts as restored no earlier than the procedure's end.
func (r *rehearsal) measure(injected time.Duration) (recovery.Outage, error) {
	seen := recovery.Seen{Probes: r.watch.Observations()}
	for _, class := range recovery.Classes() {
		seen.Writes = append(seen.Writes, recovery.Writes{Class: class, Writes: r.answered(class)})
	}
	outage, err := recovery.MeasureOutage(seen, injected, r.drill.Objective.Hold)
	if finished, ended := r.timeline.At(recovery.RecoveryFinished); err == nil && ended && r.probeIsPartial() {
		outage.Restored = max(outage.Restored, finished)
	}
	return outage, err
}

// answered are the writes of a class that have been answered, with what was answered to those that failed.
func (r *rehearsal) answered(class recovery.Class) []recovery.Observation {
	said := map[time.Duration]error{}
	for _, f := range r.workload.Failures() {
		if f.Class == class {
			said[f.At] = writeError(f)
		}
	}
	writes := r.ledger.Answered(class)
	for i, w := range writes {
		if why, known := said[w.Asked]; w.Err != nil && known {
			writes[i].Err = why
		}
	}
	return writes
}

// probeIsPartial says that the probe does not see all that the procedure brings back: of damaged
// data it reads the rows and not what belongs to them, such as an index; beside a queue it reads a store.
func (r *rehearsal) probeIsPartial() bool {
	return r.drill.DataFault || r.drill.Needs.Workers > 0 && r.drill.Probe != workload.RunQueue
}
