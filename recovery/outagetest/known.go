// Package outagetest makes outages of known length, for tests of how they are measured.
package outagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

const (
	steady = 50 * time.Millisecond
	hold   = 100 * time.Millisecond
	// patience bounds what an outage that nobody measures takes.
	patience = 10 * time.Second
)

// Off is how far what was measured is from what was made.
type Off struct {
	Impact, Restored time.Duration // positive where it was measured too late
	Outage           time.Duration // restored − impact
	Recovery         time.Duration // restored − injected
	// Unwatched is the longest time around the beginning and the end of the outage in which no question was both
	// asked and answered.
	Unwatched time.Duration
}

// Measure takes the server down for so long, has it measured by a client that asks at the address, and compares. It
// is an error when the outage ended before the server was back, or after the first one who asked then had an answer: that
// holds on the busiest machine.
func Measure(ctx context.Context, server *Server, address string, length time.Duration) (Off, error) {
	clock, watch := recovery.NewClock(), recovery.NewWatch(recovery.ProbeInterval)
	stop := keepWatch(ctx, watch, clock, &client{address: address})
	defer stop()
	time.Sleep(steady)
	went := act(clock, func() error { server.goDown(); return nil })
	time.Sleep(length - (clock.Now() - went.began))
	came := act(clock, server.comeUp)
	if came.err != nil {
		return Off{}, came.err
	}
	got, err := awaitRestored(watch, went.began)
	stop()
	if err != nil {
		return Off{}, err
	}
	probes := watch.Observations()
	if served := firstServed(probes, came.ended); got.Restored < came.began || got.Restored > served {
		return Off{}, fmt.Errorf("restored: measured %s ± %s, known %s to %s", got.Restored, got.Uncertainty, came.began, served)
	}
	known := came.ended - went.began
	return Off{
		Impact: got.Impact - went.began, Restored: got.Restored - came.ended,
		Outage: got.Restored - got.Impact - known, Recovery: got.Restored - went.began - known,
		Unwatched: max(unwatched(probes, went), unwatched(probes, came)),
	}, nil
}

// Near says what of it is further off than the tolerance.
func (o Off) Near(tolerance time.Duration) error {
	var errs []error
	for _, each := range []struct {
		what string
		off  time.Duration
	}{{"impact", o.Impact}, {"restored", o.Restored}, {"outage", o.Outage}, {"recovery time", o.Recovery}} {
		if each.off.Abs() > tolerance {
			errs = append(errs, fmt.Errorf("%s: off by %s, more than %s", each.what, each.off, tolerance))
		}
	}
	return errors.Join(errs...)
}

// awaitRestored measures until the service has held.
func awaitRestored(watch *recovery.Watch, injected time.Duration) (recovery.Outage, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(hold / 4) {
		got, err := recovery.MeasureOutage(recovery.Seen{Probes: watch.Observations()}, injected, hold)
		if err == nil || time.Now().After(deadline) {
			return got, err
		}
	}
}

// deed is something that was done to the server: the service changed between the two instants.
type deed struct {
	began, ended time.Duration
	err          error
}

func act(clock recovery.Clock, do func() error) deed {
	d := deed{began: clock.Now()}
	d.err = do()
	d.ended = clock.Now()
	return d
}

// firstServed is when the first question was answered that was asked from an instant on.
func firstServed(probes []recovery.Observation, from time.Duration) time.Duration {
	for _, o := range probes {
		if o.Asked >= from {
			return o.Answered
		}
	}
	return from
}

// unwatched is the time around a deed from the last answer before it to the first answer to a
// question asked after it.
func unwatched(probes []recovery.Observation, d deed) time.Duration {
	var before time.Duration
	for _, o := range probes {
		if o.Answered <= d.began {
			before = max(before, o.Answered)
		}
		if o.Asked >= d.ended {
			return o.Answered - before
		}
	}
	return d.ended - before
}

// keepWatch watches until the returned function is called, which may be more than once.
func keepWatch(ctx context.Context, watch *recovery.Watch, clock recovery.Clock, c *client) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		watch.Keep(ctx, clock, c.ask)
		c.hangUp()
	})
	return func() { cancel(); watching.Wait() }
}
