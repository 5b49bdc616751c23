package drills

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

const (
	// canaryCount is how many writes of each class the probe reads every time.
	canaryCount = 5
	// victimCount is how many rows a fault on data may damage.
	victimCount = 20
	// steadyFor is how long the service must have answered right before it is broken.
	steadyFor     = 2 * time.Second
	steadyTimeout = 30 * time.Second
	// tolerated is the share of writes that may fail before the fault.
	tolerated = 0.01
)

// load asserts how durable the stores are, and fills them with the archive and the seeds.
func (r *rehearsal) load(ctx context.Context) (err error) {
	if r.settings, err = r.stack.Durability(ctx); err != nil {
		return err
	}
	r.judgeSettings()
	if r.versions, err = r.stack.Versions(ctx); err != nil {
		return err
	}
	if err := r.loadArchive(ctx); err != nil {
		return err
	}
	r.clients = r.stack.Clients()
	r.clients.Lifetime = r.drill.Lifetime
	r.clients.Bulk.Rows, r.clients.Bulk.Keys = r.setting.Scale.In(r.drill.Stores()).Bulk()
	r.workload = &workload.Workload{Ledger: r.ledger, Clock: r.clock, Writers: r.clients.Writers(), Rates: r.rates()}
	return r.workload.Seed(ctx, r.seedCount)
}

// seedCount is how many writes of a class come before the workload proper. Runs for the queue are
// fewer, since workers have to work them off.
func (r *rehearsal) seedCount(c recovery.Class) int {
	if c == recovery.Runs && r.drill.Needs.Workers > 0 {
		return 2 * canaryCount
	}
	return workload.Seeds
}

// rates are the writes a second by class. What a drill states itself stands: it is what its stack can take.
func (r *rehearsal) rates() map[recovery.Class]int {
	rates := map[recovery.Class]int{}
	for _, class := range recovery.Classes() {
		rates[class] = workload.DefaultRate
	}
	if r.setting.Rate > 0 {
		for class := range rates {
			rates[class] = r.setting.Rate
		}
	}
	maps.Copy(rates, r.drill.Rates)
	return rates
}

// awaitSteadyState begins to write and to watch the service, and waits until it has been right for a while.
func (r *rehearsal) awaitSteadyState(ctx context.Context) error {
	r.workload.Start(ctx)
	r.canaries = r.pick(canaryCount)
	r.victims = r.pick(victimCount)
	watched := r.canaries
	if r.drill.DataFault {
		watched = r.victims // the server stays up: only the damaged rows tell
	}
	r.startWatch(ctx, watched)
	following, unfollow := context.WithCancel(ctx)
	r.unfollow = unfollow
	r.appendLog = r.stack.FollowRedis(following, r.clock)
	var err error
	if r.writeAhead, err = r.stack.FollowPostgres(following, r.clock); err != nil {
		return err
	}
	began := r.clock.Now()
	if err := r.awaitHeld(ctx, r.setting.Scale.Patient(steadyTimeout), func() error { return r.rightFor(steadyFor, began) }); err != nil {
		return err
	}
	r.mark(recovery.SteadyState)
	r.workers, err = r.stack.WorkerSettings(ctx)
	return err
}

func (r *rehearsal) startWatch(ctx context.Context, watched workload.Canaries) {
	ctx, stop := context.WithCancel(ctx)
	probe, release := r.clients.Probe(r.drill.Probe, watched)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.watch.Keep(ctx, r.clock, probe)
		release()
	}()
	r.unwatch = func() {
		stop()
		<-ended
	}
}

// pick draws writes of each class among its seeds, which every backup holds, and whose number does
// not depend on how far the workload has come: a seed draws the same ones every time.
func (r *rehearsal) pick(n int) workload.Canaries {
	picked := workload.Canaries{}
	for _, class := range recovery.Classes() {
		picked[class] = map[int]recovery.Hash{}
		first := min(r.seedCount(class), r.ledger.Len(class))
		for _, seq := range r.rand.Perm(first)[:min(n, first)] {
			if e, _ := r.ledger.Entry(class, seq); e.Outcome == recovery.Acknowledged {
				picked[class][seq] = e.Hash
			}
		}
	}
	return picked
}

// awaitHeld asks until held has no objection, and gives up after the timeout with the last one.
func (r *rehearsal) awaitHeld(ctx context.Context, timeout time.Duration, held func() error) error {
	deadline := r.clock.Now() + timeout
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		why := held()
		if why == nil {
			return nil
		}
		if r.clock.Now() > deadline {
			return fmt.Errorf("not right for long enough within %s: %w", timeout, why)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted: %w", context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// rightFor says why the service has not been right for the hold period, counted from the given
// instant or the last failure after it; nil when it has been.
func (r *rehearsal) rightFor(hold, since time.Duration) error {
	failed, why := r.lastFailure(since)
	last, asked := r.watch.Last()
	if asked && last.Err == nil && last.Answered >= failed+hold {
		return nil
	}
	return why
}

// lastFailure is the latest instant from since on at which a client got no right answer, and why.
func (r *rehearsal) lastFailure(since time.Duration) (time.Duration, error) {
	at, why := since, errors.New("the probe has not been right for long enough yet")
	if o, any := r.watch.LastFailure(); any && o.Answered >= at {
		at, why = o.Answered, o.Err
	}
	if f, any := r.workload.LastFailure(); any && f.At >= at {
		at, why = f.At, writeError(f)
	}
	return at, why
}

// writeError says which write failed, and how.
func writeError(f workload.Failure) error {
	return fmt.Errorf("a write of %s was not acknowledged: %w", f.Class, f.Err)
}
