package recovery_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestWatchKeepsWhatItObserves(t *testing.T) {
	watch := recovery.NewWatch()
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
	watch := recovery.NewWatch()
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
		watch := recovery.NewWatch()
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
	if len(got) != 20 {
		t.Fatalf("%d questions in 99 ms, want 20", len(got))
	}
	for i, o := range got {
		if o.Asked != time.Duration(i)*recovery.ProbeInterval || o.Answered != o.Asked+ms(2) || o.Err != nil {
			t.Errorf("question %d: %+v", i, o)
		}
	}
}

func TestKeepWaitsForASlowAnswer(t *testing.T) {
	asked := 0
	got := keep(t, ms(60), func(context.Context) error {
		if asked++; asked == 2 {
			time.Sleep(ms(32))
		}
		return nil
	})
	if o := got[1]; o.Answered-o.Asked != ms(32) {
		t.Errorf("the slow answer took %s, want 32ms", o.Answered-o.Asked)
	}
	if gap := got[2].Asked - got[1].Answered; gap > recovery.ProbeInterval {
		t.Errorf("the next question came %s after the slow answer", gap)
	}
}

func TestKeepGivesUpAnAnswer(t *testing.T) {
	got := keep(t, recovery.ProbeTimeout+ms(100), func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	if len(got) != 1 || got[0].Err == nil || got[0].Answered-got[0].Asked != recovery.ProbeTimeout {
		t.Errorf("got %+v, want one failure after %s", got, recovery.ProbeTimeout)
	}
}

func TestKeepDoesNotBlameTheServiceForTheEndOfTheWatch(t *testing.T) {
	got := keep(t, ms(12), func(ctx context.Context) error {
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
