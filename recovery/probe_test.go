package recovery_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestWatchKeepsWhatItObserves(t *testing.T) {
	watch := recovery.NewWatch(recovery.ProbeInterval)
	if _, any := watch.Last(); any {
		t.Error("a new watch has an answer")
	}
	for _, o := range beats("+-") {
		watch.Observe(o)
	}
	if last, any := watch.Last(); !any || last.Asked != ms(10) || last.Err == nil {
		t.Errorf("the last answer is %+v, %v; want the failure at 10ms", last, any)
	}
	watch.Observations()[0].Asked = ms(99)
	if got := watch.Observations()[0].Asked; got != 0 {
		t.Error("who reads the observations can change the log")
	}
}

func TestWatchTellsOfTheFirstFailureOnceArmed(t *testing.T) {
	watch := recovery.NewWatch(recovery.ProbeInterval)
	down := func() bool {
		select {
		case <-watch.Down():
			return true
		default:
			return false
		}
	}
	watch.Observe(recovery.Observation{Err: errDown})
	watch.Arm()
	watch.Observe(recovery.Observation{})
	if down() {
		t.Error("down before any failure after Arm")
	}
	watch.Observe(recovery.Observation{Err: errDown})
	if !down() {
		t.Error("not down at the failure after Arm")
	}
	watch.Observe(recovery.Observation{Err: errDown})
}

// keep runs the probe for so long on a clock that costs no time.
func keep(t *testing.T, long time.Duration, probe recovery.Probe) (observations []recovery.Observation) {
	synctest.Test(t, func(t *testing.T) {
		watch := recovery.NewWatch(recovery.ProbeInterval)
		ctx, cancel := context.WithCancel(t.Context())
		clock := recovery.NewClock()
		go watch.Keep(ctx, clock, probe)
		time.Sleep(long)
		cancel()
		synctest.Wait()
		observations = watch.Observations()
	})
	return observations
}

func TestKeepAsksAtItsPace(t *testing.T) {
	// Answers within the interval do not stretch it.
	got := keep(t, ms(99), func(context.Context) error { time.Sleep(ms(2)); return nil })
	if len(got) != 13 {
		t.Fatalf("%d questions in 99 ms, want 13", len(got))
	}
	for i, o := range got {
		if o.Asked != time.Duration(i)*recovery.ProbeInterval || o.Answered != o.Asked+ms(2) || o.Err != nil {
			t.Errorf("question %d: %+v", i, o)
		}
	}
}

func TestKeepAsksOnWhileAnAnswerIsSlow(t *testing.T) {
	var asked atomic.Int32
	got := keep(t, ms(60), func(context.Context) error {
		if asked.Add(1) == 2 {
			time.Sleep(ms(32))
		}
		return nil
	})
	if o := got[1]; o.Answered-o.Asked != ms(32) {
		t.Errorf("the slow answer took %s, want 32ms", o.Answered-o.Asked)
	}
	for i, o := range got {
		if o.Asked != time.Duration(i)*recovery.ProbeInterval {
			t.Errorf("question %d was asked at %s: a slow answer held it up", i, o.Asked)
		}
	}
}

// A service that hangs is asked for few connections, and still so often that it shows when it is back.
func TestKeepGivesUpAnAnswer(t *testing.T) {
	var open, most atomic.Int32
	got := keep(t, 3*recovery.ProbeTimeout, func(ctx context.Context) error {
		most.Store(max(most.Load(), open.Add(1)))
		defer open.Add(-1)
		<-ctx.Done()
		return ctx.Err()
	})
	for i, o := range got {
		if o.Err == nil || o.Answered-o.Asked != recovery.ProbeTimeout {
			t.Errorf("question %d: %+v, want a failure after %s", i, o, recovery.ProbeTimeout)
		}
		if i > 0 && o.Asked-got[i-1].Asked > (recovery.ProbesOpen-2)*recovery.ProbeInterval {
			t.Errorf("nobody asked for %s before %s", o.Asked-got[i-1].Asked, o.Asked)
		}
	}
	if n := int(most.Load()); n > recovery.ProbesOpen || n < recovery.ProbesOpen/2 {
		t.Errorf("%d questions were open at a time; up to %d may be", n, recovery.ProbesOpen)
	}
}

// What is not answered yet may still fail: nothing that was asked after it is in the log before.
func TestObservationsEndBeforeAnOpenQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		watch, clock := recovery.NewWatch(recovery.ProbeInterval), recovery.NewClock()
		watch.Arm()
		var asked atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go watch.Keep(ctx, clock, func(ctx context.Context) error {
			if asked.Add(1) == 3 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		time.Sleep(ms(400))
		synctest.Wait()
		if got := watch.Observations(); len(got) != 2 {
			t.Errorf("%d observations while the third question is open, want 2", len(got))
		}
		time.Sleep(ms(150))
		synctest.Wait()
		if last, any := watch.Last(); !any || last.Err != nil || last.Asked < ms(500) {
			t.Errorf("the last answer is %+v once the third question was given up", last)
		}
		if failed, any := watch.LastFailure(); !any || failed.Asked != 2*recovery.ProbeInterval || failed.Answered != 2*recovery.ProbeInterval+recovery.ProbeTimeout {
			t.Errorf("the failure is %+v, %v", failed, any)
		}
		select {
		case <-watch.Down():
		default:
			t.Error("nobody was told")
		}
	})
}

func TestKeepDoesNotBlameTheServiceForTheEndOfTheWatch(t *testing.T) {
	got := keep(t, ms(13), func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(ms(4)):
			return nil
		}
	})
	for _, o := range got {
		if o.Err != nil {
			t.Errorf("the end of the watch was noted as a failure: %+v", o)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d answers, want 2", len(got))
	}
}
