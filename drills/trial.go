package drills

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// injectFault breaks what the drill's fault breaks. Obstacles in turn are tried one after another.
func (r *rehearsal) injectFault(ctx context.Context, target faults.Target) (string, error) {
	obstacles, inTurn := r.drill.Fault.(faults.InTurn)
	if !inTurn {
		return r.drill.Fault.Inject(ctx, target)
	}
	var err error
	if r.stored, err = r.stack.StoredBackups(ctx); err != nil {
		return "", err
	}
	return obstacles.Each(ctx, target, func(o faults.Obstacle) (func() error, error) { return r.try(ctx, o) })
}

// try runs the drill's script against an obstacle: it must fail, say why, and leave the backups that
// are there alone. The backups are looked at when the obstacle, which may hide them, is gone.
func (r *rehearsal) try(ctx context.Context, o faults.Obstacle) (func() error, error) {
	before := r.stored
	transcript := r.runScript(ctx, r.drill.Tried)
	r.recovered = append(r.recovered, transcript)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
	return func() error {
		after, err := r.stack.StoredBackups(ctx)
		if err != nil {
			return err
		}
		r.stored = after
		detail, err := trialOutcome(transcript, before, after)
		r.proofs = append(r.proofs, r.prove(r.drill.Tried.Name+" fails well: "+o.Describe(), detail, err))
		return nil
	}, nil
}

// trialOutcome says how a script failed. One that did not fail, or left the backups otherwise than
// they were, is a finding.
func trialOutcome(t runbook.Transcript, before, after fixtures.Stored) (string, error) {
	switch {
	case errors.Is(t.Err, runbook.ErrDeadline):
		return "", Violated("it hung until its deadline")
	case t.Err != nil:
		return "", t.Err
	case t.ExitCode == 0:
		return "", Violated("it ended with exit code 0, as if there were a backup")
	case len(before) == 0:
		return "", errors.New("there was no backup before, which it could have spoilt")
	}
	last := t.Steps[len(t.Steps)-1]
	said := lastLine(last.Output)
	if said == "" {
		return "", Violated("step %q ended with exit code %d and did not say why", last.Name, t.ExitCode)
	}
	return fmt.Sprintf("step %q ended with exit code %d, saying %q; all %d files of the backups are as before", last.Name, t.ExitCode, said, len(before)),
		sameFiles(before, after)
}

// lastLine is what a step said last: its reason, where it gave one, and not what to do next.
func lastLine(output string) (last string) {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if why, failed := strings.CutPrefix(line, "failed: "); failed {
			return why
		}
		if line != "" {
			last = line
		}
	}
	return last
}

// sameFiles says what became of the backups: none may change, and a new one has to be complete, which
// its manifest says that is written last.
func sameFiles(before, after fixtures.Stored) error {
	for _, file := range slices.Sorted(maps.Keys(before)) {
		if after[file] != before[file] {
			return Violated("%s is gone or changed", file)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(after)) {
		_, known := before[file]
		_, complete := after[path.Join(path.Dir(file), "manifest.json")]
		if !known && !complete {
			return Violated("it left half a backup: %s", file)
		}
	}
	return nil
}
