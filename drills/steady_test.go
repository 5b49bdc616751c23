package drills

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

func TestRatesOfADrill(t *testing.T) {
	for _, tt := range []struct {
		own        map[recovery.Class]int
		asked      int
		runs, rest int
	}{
		{nil, 0, workload.DefaultRate, workload.DefaultRate},
		{map[recovery.Class]int{recovery.Runs: 8}, 0, 8, workload.DefaultRate},
		{map[recovery.Class]int{recovery.Runs: 8}, 5, 8, 5}, // what the drill states is what its stack can take
		{nil, 5, 5, 5},
	} {
		r := &rehearsal{drill: Drill{Rates: tt.own}, setting: Setting{Rate: tt.asked}}
		want := map[recovery.Class]int{recovery.Runs: tt.runs}
		for _, class := range recovery.Classes()[1:] {
			want[class] = tt.rest
		}
		if got := r.rates(); !maps.Equal(got, want) {
			t.Errorf("%v, asked for %d: %v, want %v", tt.own, tt.asked, got, want)
		}
	}
}

// The seed alone says which rows are watched and damaged, in which order, and what is drawn after them.
func TestPickFollowsTheSeed(t *testing.T) {
	draw := func(seed uint64, more int) (canaries workload.Canaries, victims []string, next uint64) {
		r := newRehearsal(Drill{}, Setting{Seed: seed, Repetition: 1})
		r.drill.Needs.Workers = 2
		for _, class := range recovery.Classes() {
			for range r.seedCount(class) + more { // however far the workload has come
				r.write(class, sec(1), recovery.Acknowledged)
			}
		}
		canaries = r.pick(canaryCount)
		r.victims = r.pick(victimCount)
		return canaries, r.victims.IDs(recovery.Vectors), r.rand.Uint64()
	}
	canaries, victims, next := draw(1, 0)
	for _, class := range recovery.Classes() {
		if len(canaries[class]) != canaryCount {
			t.Errorf("%d canaries of %s, want %d", len(canaries[class]), class, canaryCount)
		}
	}
	if len(victims) != victimCount || !slices.IsSorted(victims) || slices.Max(victims) >= workload.ID(recovery.Vectors, workload.Seeds) {
		t.Errorf("victims %v, want %d seeds in order", victims, victimCount)
	}
	for _, more := range []int{0, 1, 77} {
		again, sameVictims, sameNext := draw(1, more)
		if !maps.EqualFunc(canaries, again, maps.Equal) || !slices.Equal(victims, sameVictims) || next != sameNext {
			t.Errorf("with %d more writes the same seed draws %v, %v, %d", more, again, sameVictims, sameNext)
		}
	}
	if _, others, _ := draw(2, 0); slices.Equal(victims, others) {
		t.Error("another seed draws the same victims")
	}
}

// A write that was not acknowledged is no canary: nobody knows what it holds.
func TestPickTakesAcknowledgedWrites(t *testing.T) {
	r := newRehearsal(Drill{}, Setting{})
	r.write(recovery.Runs, sec(1), recovery.Unknown)
	r.write(recovery.Runs, sec(1), recovery.Acknowledged)
	if picked := r.pick(canaryCount)[recovery.Runs]; len(picked) != 1 || picked[1] != 1 {
		t.Errorf("picked %v, want write 1 alone", picked)
	}
}

func TestAwaitHeld(t *testing.T) {
	const hold, timeout = time.Second, 5 * time.Second
	down := errors.New("down")
	tests := []struct {
		name  string
		fails func(now time.Duration) bool
		takes time.Duration // until it is right; zero: it gives up
	}{
		{"right from the beginning", func(time.Duration) bool { return false }, hold},
		{"down for a while", func(now time.Duration) bool { return now < 2*time.Second }, 2*time.Second + hold},
		{"down again within the hold period", func(now time.Duration) bool { return now < ms(100) || now > ms(900) && now < ms(1000) },
			time.Second + hold},
		{"down all the time", func(time.Duration) bool { return true }, 0},
		{"back too late to be held", func(now time.Duration) bool { return now < timeout-ms(100) }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRehearsal(Drill{}, Setting{})
				r.workload = &workload.Workload{}
				ctx, stop := context.WithCancel(t.Context())
				go r.watch.Keep(ctx, r.clock, func(context.Context) error {
					if tt.fails(r.clock.Now()) {
						return down
					}
					return nil
				})
				err := r.awaitHeld(ctx, timeout, func() error { return r.rightFor(hold, 0) })
				took := r.clock.Now()
				stop()
				if tt.takes == 0 {
					if !errors.Is(err, down) || took < timeout || took > timeout+ms(100) {
						t.Errorf("error %v after %s, want what it saw last after %s", err, took, timeout)
					}
				} else if err != nil || (took-tt.takes).Abs() > ms(50) {
					t.Errorf("error %v after %s, want none after %s", err, took, tt.takes)
				}
			})
		})
	}
}

func TestAwaitHeldHeedsWritesAndInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRehearsal(Drill{}, Setting{})
		away := errors.New("away")
		r.workload = &workload.Workload{Ledger: r.ledger, Clock: r.clock, Writers: map[recovery.Class]func() workload.Writer{
			recovery.Agents: func() workload.Writer { return failing{away} },
		}}
		_ = r.workload.Seed(t.Context(), func(recovery.Class) int { return 1 })
		r.watch.Observe(recovery.Observation{Asked: 0, Answered: ms(1)})
		if err := r.awaitHeld(t.Context(), time.Second, func() error { return r.rightFor(sec(2), 0) }); !errors.Is(err, away) || !strings.Contains(err.Error(), "a write of agents") {
			t.Errorf("error %v: a probe that is right does not make up for a write that is not", err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("Ctrl-C")
		cancel(cause)
		if err := r.awaitHeld(ctx, time.Hour, func() error { return r.rightFor(sec(2), 0) }); !errors.Is(err, cause) {
			t.Errorf("error %v, want %v", err, cause)
		}
		if err := r.wait(ctx, time.Hour); !errors.Is(err, cause) {
			t.Errorf("error %v, want %v", err, cause)
		}
	})
}

type failing struct{ err error }

func (failing) Payload(int) []byte                 { return nil }
func (f failing) Write(context.Context, int) error { return f.err }
func (failing) Close()                             {}

func TestPace(t *testing.T) {
	var p pace
	r := newRehearsal(Drill{}, Setting{})
	for i := range 40 { // 20 a second and class, for two seconds
		r.write(recovery.Runs, ms(50*i), recovery.Acknowledged)
		r.write(recovery.Audit, ms(50*i), recovery.Acknowledged)
		r.write(recovery.Memory, ms(50*i), recovery.Refused)
	}
	for _, tt := range []struct {
		at   time.Duration
		want float64
	}{{sec(2), 40}, {sec(2), 40}, {ms(2500), 20}, {sec(9), 0}} {
		if got := p.rate(tt.at, r.ledger); got != tt.want {
			t.Errorf("at %s: %g a second, want %g", tt.at, got, tt.want)
		}
	}
	// A write that has no answer yet counts once it has one.
	pending := r.ledger.Issue(recovery.Runs, sec(9))
	r.write(recovery.Runs, sec(9), recovery.Acknowledged)
	if got := p.rate(sec(9)+ms(100), r.ledger); got != 0 {
		t.Errorf("%g a second, with one answer outstanding", got)
	}
	r.ledger.Settle(recovery.Runs, pending, recovery.Acknowledged, sec(9)+ms(150))
	if got := p.rate(sec(9)+ms(200), r.ledger); got != 2 {
		t.Errorf("%g a second, want both writes", got)
	}
}

func TestDown(t *testing.T) {
	r := newRehearsal(Drill{}, Setting{})
	fail := recovery.Observation{Err: errors.New("down")}
	if r.watch.Observe(fail); r.down() >= 0 {
		t.Error("it is down before the fault")
	}
	r.timeline.Mark(recovery.Injected, r.clock.Now())
	if r.down() < 0 {
		t.Error("it is up, with a probe that fails")
	}
	if r.watch.Observe(recovery.Observation{}); r.down() >= 0 {
		t.Error("it is down, with a probe that is right")
	}
}

func TestTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ticks atomic.Int32
		var news []Progress
		r := newRehearsal(Drill{Name: "redis-kill"}, Setting{Repetition: 2, Observer: func(p Progress) {
			if p.Kind == Ticked {
				ticks.Add(1)
				return
			}
			news = append(news, p)
		}})
		stop := r.tick(t.Context())
		time.Sleep(time.Second + ms(1))
		stop()
		if n := ticks.Load(); n != 5 {
			t.Errorf("%d ticks in a second, want 5", n)
		}
		step := runbook.Step{Script: "restart.sh", Name: "start", From: sec(1), To: sec(3), ExitCode: 4}
		r.tellStep(runbook.StepEvent{Kind: runbook.StepBegan, Step: step})
		r.tellStep(runbook.StepEvent{Kind: runbook.StepEnded, Step: step})
		r.note("%d keys", 3)
		for i, p := range news {
			if p.Drill != "redis-kill" || p.Repetition != 2 || p.At < time.Second {
				t.Errorf("news %d is of %s, %d, at %s", i, p.Drill, p.Repetition, p.At)
			}
		}
		if len(news) != 3 || news[0].Kind != StepBegan || news[1].Kind != StepEnded || news[1].ExitCode != 4 || news[1].Seconds != 2 || news[2].Note != "3 keys" {
			t.Errorf("news %+v", news)
		}
	})
	newRehearsal(Drill{}, Setting{}).note("nobody listens")
}
