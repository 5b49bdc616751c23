package drills

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// verifyTimeout bounds the reading back and the checks: a lock that a script left must not hold
// up the drill's end for ever.
const verifyTimeout = 5 * time.Minute

// verify stops the workload, reads everything back, makes the drill's own checks, and asks again after a restart.
func (r *rehearsal) verify(ctx context.Context) error {
	r.workload.Stop()
	r.unwatch()
	ctx, cancel := context.WithTimeout(ctx, r.setting.Scale.Patient(verifyTimeout))
	defer cancel()
	if errors.Is(r.outageErr, recovery.ErrNotRestored) {
		return nil // there is nothing to read back from; the verdict says why
	}
	if err := r.readClasses(ctx); err != nil {
		return fmt.Errorf("verification did not read everything: %w", err)
	}
	r.proofs = append(r.proofs, r.lookSideBySide(ctx, standingChecks(r.drill))...)
	for _, check := range r.ownChecks() {
		detail, err := check.After(ctx, r.site(check.Name))
		r.proofs = append(r.proofs, r.prove(check.Name, detail, err))
	}
	r.proofs = append(r.proofs, r.surviveRestart(ctx))
	r.mark(recovery.Verified)
	return nil
}

// readClasses reads all classes back and compares them with the ledger.
func (r *rehearsal) readClasses(ctx context.Context) error {
	classes := recovery.Classes()
	read := make([][]recovery.Row, len(classes))
	group, inGroup := errgroup.WithContext(ctx)
	for i, class := range classes {
		group.Go(func() (err error) {
			read[i], err = r.clients.Read(inGroup, class)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	injected, _ := r.timeline.At(recovery.Injected)
	for i, class := range classes {
		r.rows[class] = read[i]
		r.losses[class] = r.ledger.Check(class, slices.Values(read[i]), injected)
	}
	return nil
}

// lookSideBySide makes checks that look and change nothing.
func (r *rehearsal) lookSideBySide(ctx context.Context, checks []Check) (proofs []reports.Proof) {
	type answer struct {
		detail string
		err    error
	}
	answers := make([]answer, len(checks))
	var looking sync.WaitGroup
	for i, check := range checks {
		site := r.site(check.Name)
		looking.Go(func() { answers[i].detail, answers[i].err = check.After(ctx, site) })
	}
	looking.Wait()
	for i, check := range checks {
		proofs = append(proofs, r.prove(check.Name, answers[i].detail, answers[i].err))
	}
	return proofs
}

// prove makes a proof of what was found out, and judges it. A check that could not be made leaves the drill unproven.
func (r *rehearsal) prove(name, detail string, err error) reports.Proof {
	switch {
	case err == nil:
		return reports.Proof{Name: name, Verdict: reports.Met, Detail: detail}
	case errors.Is(err, ErrViolated):
		r.judgement.FindOf(name, recovery.Missed, "%s: %s", name, finding(err))
		return reports.Proof{Name: name, Verdict: reports.Missed, Detail: err.Error()}
	default:
		r.judgement.Find(recovery.NotProven, "%s: the check could not be made: %s", name, err)
		return reports.Proof{Name: name, Verdict: reports.NotProven, Detail: err.Error()}
	}
}

// checks are those that every drill makes, and the drill's own. What the recovery has left is looked at before some of
// the drill's own checks stir it up, such as by bringing a lost server back.
func (r *rehearsal) checks() []Check {
	return slices.Concat(standingChecks(r.drill), r.ownChecks())
}

func (r *rehearsal) ownChecks() []Check {
	return slices.Concat(r.drill.Checks, protectionChecks(r.drill), workerChecks(r.drill.Needs))
}

// site is where the check of that name looks.
func (r *rehearsal) site(check string) Site {
	site := Site{
		Stack: r.stack, Clients: r.clients, Ledger: r.ledger, Timeline: r.timeline, Victims: r.victims, Hit: r.hitAt, Harm: r.hit,
		Since: r.clock.Since, Submitted: r.submitted, Damage: r.damage, Before: r.before[check], Archive: r.archived, Losses: r.losses,
		Snapshot: r.snapshots(), Facts: map[string]string{}, Run: r.runScriptOn,
	}
	site.Injected, _ = r.timeline.At(recovery.Injected)
	for _, o := range r.watch.Observations() {
		if o.Err != nil && o.Asked >= site.Injected {
			site.Failures = append(site.Failures, o.Err)
		}
	}
	for _, t := range r.recovered {
		site.Steps = append(site.Steps, t.Steps...)
		maps.Copy(site.Facts, t.Facts)
		site.Last = t
	}
	return site
}

// snapshots are when the backup of each class was begun that was restored. Where the recovery names
// none it has to answer for the newest.
func (r *rehearsal) snapshots() map[recovery.Class]time.Duration {
	begun := map[recovery.Class]time.Duration{}
	for _, b := range r.backups {
		for _, class := range b.protects {
			begun[class] = max(begun[class], b.from)
		}
	}
	for _, b := range r.drill.Backups {
		if restored, _, named := r.restoredBackup(b); named {
			for _, class := range b.Protect {
				begun[class] = restored.from
			}
		}
	}
	return begun
}
