package drills

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

func aPlan(observer Observer) Plan {
	named := func(name string, needs fixtures.Needs) Drill {
		return Drill{
			Name: name, Needs: needs, Fault: faults.Noop{},
			Objective: recovery.Objective{RTO: sec(60), RPO: map[recovery.Class]time.Duration{recovery.Vectors: sec(86400)}},
		}
	}
	return Plan{
		Drills: []Drill{named("b", fixtures.Needs{Workers: 1}), named("a", fixtures.Needs{Sandboxes: 1}), named("c", fixtures.Needs{})},
		Repeat: 2, Parallel: 3, Observer: observer,
	}
}

// An interrupted run starts nothing more, and its record still tells of every drill.
func TestInterruptedPlan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	news := make(chan Progress, 100)
	plan := aPlan(func(p Progress) { news <- p })
	results := plan.run(ctx, Setting{Observer: plan.Observer}) // without an engine: a drill that began would panic
	if len(news) > 0 {
		t.Errorf("news of %q", (<-news).Drill)
	}
	var order []string
	for _, d := range results {
		order = append(order, fmt.Sprint(d.Name, d.Repetition))
		checkUnrun(t, d)
	}
	if want := []string{"b1", "b2", "a1", "a2", "c1", "c2"}; !slices.Equal(order, want) {
		t.Errorf("results of %v, want the plan's order %v", order, want)
	}
	if verdict := (reports.Record{Drills: results}).Verdict(); verdict != reports.NotProven {
		t.Errorf("the run is %s", verdict)
	}
}

// checkUnrun checks that the record of a drill that did not run knows its targets, and shows nothing.
func checkUnrun(t *testing.T, d reports.Drill) {
	t.Helper()
	if want := []string{"the run ended before this drill began"}; d.Verdict != reports.NotProven || !slices.Equal(d.Reasons, want) {
		t.Errorf("%s is %s for the reasons %q", d.Name, d.Verdict, d.Reasons)
	}
	if want := (reports.RTO{TargetSeconds: 60, TargetFrom: reports.FromPlaybook, Verdict: reports.NotProven, Phases: []reports.Phase{}}); !reflect.DeepEqual(d.RTO, want) {
		t.Errorf("%s: RTO %+v, want %+v", d.Name, d.RTO, want)
	}
	want := reports.RPO{Class: "vectors", TargetSeconds: 86400, TargetFrom: reports.FromPlaybook, Judged: "observed", Verdict: reports.NotProven}
	if len(d.RPO) != 5 || d.RPO[4] != want {
		t.Errorf("%s: RPO %+v, want %+v at its end", d.Name, d.RPO, want)
	}
	for name, matcher := range map[string]types.GomegaMatcher{"MeetRTO": MeetRTO(), "MeetRPO": MeetRPO(), "BeIntact": BeIntact()} {
		if matches, _ := matcher.Match(d); matches {
			t.Errorf("%s: %s matches a drill that did not run", d.Name, name)
		}
	}
}

// stage counts who is in which act.
type stage struct {
	mu                               sync.Mutex
	rehearsing, most, others, stacks int
	disturbed                        bool // somebody else was preparing or finishing while one rehearsed
	mostStacks                       int
}

func (s *stage) change(by func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	by()
	s.most, s.mostStacks = max(s.most, s.rehearsing), max(s.mostStacks, s.stacks)
	s.disturbed = s.disturbed || s.rehearsing > 0 && s.others > 0
}

// player is a drill of which each act takes a known time.
type player struct {
	*stage
	result     reports.Drill
	onRehearse func()
}

func (p player) prepare(context.Context) {
	p.change(func() { p.others++; p.stacks++ })
	time.Sleep(5 * time.Second)
	p.change(func() { p.others-- })
}

func (p player) warmUp(context.Context) {
	p.change(func() { p.others++ })
	time.Sleep(2 * time.Second)
	p.change(func() { p.others-- })
}

func (p player) rehearse(context.Context) {
	p.change(func() { p.rehearsing++ })
	time.Sleep(time.Minute)
	if p.onRehearse != nil {
		p.onRehearse()
	}
	p.change(func() { p.rehearsing-- })
}

func (p player) readBack(context.Context) {
	p.change(func() { p.others++ })
	time.Sleep(7 * time.Second)
	p.change(func() { p.others-- })
}

func (p player) finish(context.Context) reports.Drill {
	p.change(func() { p.others++ })
	time.Sleep(3 * time.Second)
	p.change(func() { p.others--; p.stacks-- })
	return p.result
}

func TestPlanRunsEveryDrill(t *testing.T) {
	for _, tt := range []struct {
		parallel int
		scale    string
		took     time.Duration
		stacks   int
	}{
		{0, "", 6*time.Minute + 5*time.Second + 2*time.Second + 6*10*time.Second, 2},
		{1, "", 6*time.Minute + 5*time.Second + 2*time.Second + 6*10*time.Second, 2},
		{1, "medium", 6 * 77 * time.Second, 1}, // one of its stacks at a time
		{3, "", 2*time.Minute + 5*time.Second + 2*time.Second + 2*10*time.Second, 6},
	} {
		synctest.Test(t, func(t *testing.T) {
			plan := aPlan(nil)
			plan.Parallel, plan.Scale.Name = tt.parallel, tt.scale
			seen := &stage{}
			began := time.Now()
			results := plan.each(t.Context(), func(d Drill, repetition int) acts {
				return player{stage: seen, result: reports.Drill{Name: d.Name, Repetition: repetition, Verdict: reports.Met}}
			})
			var got []string
			for _, d := range results {
				got = append(got, fmt.Sprint(d.Name, d.Repetition, d.Verdict))
			}
			if want := []string{"b1met", "b2met", "a1met", "a2met", "c1met", "c2met"}; !slices.Equal(got, want) {
				t.Errorf("%+v: %v, want %v", tt, got, want)
			}
			if took := time.Since(began); took != tt.took {
				t.Errorf("%+v: all took %s", tt, took)
			}
			if seen.most != plan.atATime() || seen.mostStacks != tt.stacks {
				t.Errorf("%+v: %d rehearsed at the same time, with %d stacks", tt, seen.most, seen.mostStacks)
			}
			if seen.disturbed && tt.parallel <= 1 {
				t.Errorf("%+v: a drill was prepared or finished while another one was rehearsed", tt)
			}
		})
	}
}

// After an interruption what runs comes to its end, and nothing else begins.
func TestInterruptedInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		plan := aPlan(nil)
		plan.Parallel = 1
		results := plan.each(ctx, func(d Drill, repetition int) acts {
			act := player{stage: &stage{}, result: reports.Drill{Name: d.Name, Repetition: repetition, Verdict: reports.Met}}
			if repetition == 2 {
				act.onRehearse = cancel
			}
			return act
		})
		for i, d := range results {
			if ran := d.Verdict == reports.Met; ran != (i < 2) {
				t.Errorf("result %d is %s", i, d.Verdict)
			}
		}
	})
}

// A drill that is interrupted before its turn has come says so, and nothing of it is tried any more.
func TestInterruptedBeforeItsTurn(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	r := newRehearsal(aPlan(nil).Drills[0], Setting{Dir: t.TempDir()})
	r.stopTicks = func() {}
	cancel(errors.New("terminated"))
	r.warmUp(ctx) // without a stack: a phase that began would panic
	d := r.finish(ctx)
	if want := []string{"steady state: interrupted: terminated"}; d.Verdict != reports.NotProven || !slices.Contains(d.Reasons, want[0]) {
		t.Errorf("it is %s for the reasons %q, want %q", d.Verdict, d.Reasons, want)
	}
}

func TestPlanKeys(t *testing.T) {
	keys := aPlan(nil).keys()
	slices.Sort(keys)
	if want := []string{"app", "operator", "postgres", "reaper", "redis", "registry", "sandbox"}; !slices.Equal(keys, want) {
		t.Errorf("the plan needs the images %v, want each of %v once", keys, want)
	}
	for parallel, want := range map[int]int{-1: 1, 0: 1, 1: 1, 4: 4} {
		if got := (Plan{Parallel: parallel}).atATime(); got != want {
			t.Errorf("parallel %d runs %d at a time, want %d", parallel, got, want)
		}
	}
}

// A plan that cannot be run says so before anything is started.
func TestNothingIsStarted(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
	plan := aPlan(nil)
	var usage UsageError
	if record, err := Rehearse(t.Context(), plan); !errors.Is(err, fixtures.ErrNoEngine) || !errors.As(err, &usage) || record.Schema != "" {
		t.Errorf("without an engine: %v, %v", record.Schema, err)
	}
	plan.Scripts = fstest.MapFS{}
	if _, err := Rehearse(t.Context(), plan); !errors.As(err, &usage) {
		t.Errorf("without a script: %v is no error of usage", err)
	}
	if err := PrepareImages(t.Context(), nil, func(string) {}); !errors.Is(err, fixtures.ErrNoEngine) {
		t.Errorf("images: %v", err)
	}
	if _, err := Clean(t.Context(), true, func(string) {}); !errors.Is(err, fixtures.ErrNoEngine) {
		t.Errorf("clean: %v", err)
	}
	findings := Doctor(t.Context())
	last := findings[len(findings)-1]
	if last.Name != "engine" || last.OK || !strings.Contains(last.Advice, "make engine") {
		t.Errorf("the doctor finds %+v", findings)
	}
	cause := fs.ErrInvalid
	if err := (UsageError{cause}); !errors.Is(err, cause) || err.Error() != cause.Error() {
		t.Errorf("an error of usage hides its cause: %v", err)
	}
}

func TestLines(t *testing.T) {
	var said []string
	text := "one\ntwo\n"
	if n, err := lines(func(line string) { said = append(said, line) }).Write([]byte(text)); n != len(text) || err != nil {
		t.Errorf("wrote %d, %v", n, err)
	}
	if want := []string{"one", "two"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
}

func TestDrillsSideBySideLoadTheMachineAsOneAlone(t *testing.T) {
	for _, tt := range []struct{ parallel, rate, want int }{
		{0, 0, 0}, {1, 0, 0}, {1, 7, 7}, {2, 0, workload.DefaultRate / 2}, {3, 200, 200}, {1000, 0, 1},
	} {
		if got := (Plan{Parallel: tt.parallel, Rate: tt.rate}).EffectiveRate(); got != tt.want {
			t.Errorf("%+v: %d writes a second", tt, got)
		}
	}
}
