package drills

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// rounds is how often each backup runs before the fault: once to have one, and once more so that
// the newest of several must be found.
const rounds = 2

// backupRun is one run of a backup script.
type backupRun struct {
	script   string
	protects []recovery.Class
	from, to time.Duration
	exitCode int
	facts    map[string]string
}

// lag is how long the backup took from its snapshot, which is no earlier than its beginning, until
// it could be restored from.
func (b backupRun) lag() time.Duration { return b.to - b.from }

// backUp runs the drill's backups on their compressed schedules, side by side, and then lets the
// workload write a while longer: what is written after the newest backup is what can be lost.
func (r *rehearsal) backUp(ctx context.Context) error {
	if len(r.drill.Backups) == 0 {
		return nil
	}
	group, inGroup := errgroup.WithContext(ctx)
	for _, b := range r.drill.Backups {
		group.Go(func() error { return r.schedule(inGroup, b) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.wait(ctx, r.drill.Backups[0].Every/2)
}

func (r *rehearsal) schedule(ctx context.Context, b Backup) error {
	for round := range rounds {
		began := r.clock.Now()
		transcript := r.runScript(ctx, Script{Name: b.Script})
		r.noteBackup(b, transcript)
		if err := transcript.Failure(); err != nil {
			return fmt.Errorf("before any fault: %w", err)
		}
		if round < rounds-1 {
			if err := r.wait(ctx, b.Every-(r.clock.Now()-began)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rehearsal) noteBackup(b Backup, t runbook.Transcript) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.backups = append(r.backups, backupRun{
		script: b.Script, protects: b.Protect, from: t.From, to: t.To, exitCode: t.ExitCode, facts: t.Facts,
	})
}

// wait lets time pass that is part of the drill itself, such as a schedule's interval.
func (r *rehearsal) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case <-timer.C:
		return nil
	}
}
