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

func TestPlanRunsEveryDrill(t *testing.T) {
	for _, parallel := range []int{0, 1, 3} {
		synctest.Test(t, func(t *testing.T) {
			plan := aPlan(nil)
			plan.Parallel = parallel
			var mu sync.Mutex
			running, most := 0, 0
			count := func(n int) {
				mu.Lock()
				defer mu.Unlock()
				running += n
				most = max(most, running)
			}
			results := plan.each(t.Context(), func(d Drill, repetition int) reports.Drill {
				count(1)
				time.Sleep(time.Minute)
				count(-1)
				return reports.Drill{Name: d.Name, Repetition: repetition, Verdict: reports.Met}
			})
			var got []string
			for _, d := range results {
				got = append(got, fmt.Sprint(d.Name, d.Repetition, d.Verdict))
			}
			if want := []string{"b1met", "b2met", "a1met", "a2met", "c1met", "c2met"}; !slices.Equal(got, want) {
				t.Errorf("parallel %d: %v, want %v", parallel, got, want)
			}
			if most != plan.atATime() {
				t.Errorf("parallel %d: %d ran at the same time", parallel, most)
			}
		})
	}
}

// After an interruption what runs comes to its end, and nothing else begins.
func TestInterruptedInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	plan := aPlan(nil)
	plan.Parallel = 1
	results := plan.each(ctx, func(d Drill, repetition int) reports.Drill {
		if repetition == 2 {
			cancel()
		}
		return reports.Drill{Name: d.Name, Repetition: repetition, Verdict: reports.Met}
	})
	for i, d := range results {
		if ran := d.Verdict == reports.Met; ran != (i < 2) {
			t.Errorf("result %d is %s", i, d.Verdict)
		}
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
