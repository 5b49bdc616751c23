package history

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

// measured is a record of one drill with these recovery times.
func measured(times ...float64) reports.Record {
	r := reports.Record{Run: reports.Run{ID: "now", StartedAt: epoch, Scale: "small", Parallel: 1, Host: reports.Host{CPUs: 2}}}
	for i, t := range times {
		r.Drills = append(r.Drills, reports.Drill{
			Name: "redis-kill", Repetition: i + 1, Verdict: reports.Met, Steps: []reports.Step{{Script: "restart-redis.sh"}},
			RTO: reports.RTO{
				TargetSeconds: 300, MeasuredSeconds: &t, Verdict: reports.Met,
				Phases: []reports.Phase{{Name: "impact", Seconds: 0.1}, {Name: "start the server", Seconds: t - 0.1}},
			},
		})
	}
	return r
}

func base(times ...float64) Summary {
	r := measured(times...)
	r.Run.ID = "base"
	return Summarise(r)
}

func TestGate(t *testing.T) {
	five := []float64{1.50, 1.52, 1.48, 1.51, 1.49}
	times := func(by float64) []float64 {
		list := slices.Clone(five)
		for i := range list {
			list[i] *= by
		}
		return list
	}
	for name, tt := range map[string]struct {
		base, now []float64
		want      string
		reason    string
	}{
		"the same":          {five, five, reports.Met, "recovery took 1.50 s in the median of 5, and 1.50 s in that of 5 in run base (+0 %, p = 1): not slower by 20 %"},
		"slower by a third": {five, times(4. / 3), reports.Missed, "recovery took 2.00 s in the median of 5, and 1.50 s in that of 5 in run base (+33 %, p = 0.0079); most of it is in “start the server”: 1.90 s, and 1.40 s before"},
		"slower by a tenth": {five, times(1.1), reports.Met, "(+10 %, p = 0.0079): not slower by 20 %"},
		"faster":            {five, times(0.5), reports.Met, "(-50 %, p = 0.0079): not slower by 20 %"},
		"within the noise":  {five, []float64{1.2, 1.9, 1.3, 1.9, 1.9}, reports.Met, ": not beyond the noise"},
		"four and four":     {five[:4], times(2)[:4], reports.Missed, "(+100 %, p = 0.029)"},
		"three and three":   {five[:3], times(2)[:3], reports.NotProven, "whether recovery became slower is not known: it was measured 3 times in run base and 3 times in this one, which can show nothing; against such a baseline give --repeat 5"},
		"one and one":       {five[:1], times(2)[:1], reports.NotProven, "it was measured 1 time in run base and 1 time in this one, which can show nothing; against such a baseline give --repeat 40"},
	} {
		r := measured(tt.now...)
		Gate(&r, Fixed{base(tt.base...)})
		d := r.Drills[0]
		if d.Regression.Verdict != tt.want || d.Verdict != tt.want || !strings.Contains(d.Regression.Reason, tt.reason) {
			t.Errorf("%s: %s, %q", name, d.Verdict, d.Regression.Reason)
		}
		if (len(d.Reasons) > 0) != (tt.want != reports.Met) {
			t.Errorf("%s: reasons %q", name, d.Reasons)
		}
		if d.Regression.Otherwise != reports.Met || r.Verdict() != tt.want {
			t.Errorf("%s: the run is %s", name, r.Verdict())
		}
	}
}

func TestGateNamesTheSlowestPhase(t *testing.T) {
	r := measured(2, 2.1, 2.2, 2.3)
	Gate(&r, Fixed{base(1, 1.1, 1.2, 1.3)})
	if s := r.Drills[3].Regression.Slowest; s == nil || s.Phase != "start the server" || math.Abs(s.Seconds-s.BaselineSeconds-1) > 1e-9 {
		t.Errorf("slowest %+v", s)
	}
}

func TestGateThatCannotTell(t *testing.T) {
	four := []float64{1.5, 1.6, 1.7, 1.8}
	spoilt := base(four...)
	spoilt.Results[2].RTO.Verdict = reports.Missed
	large := base(four...)
	large.Scale, large.Host.CPUs = "large", 8
	defaults := base(four...)
	for i := range defaults.Results {
		defaults.Results[i].Workers = "defaults"
	}
	for name, tt := range map[string]struct {
		against Baseline
		reason  string
	}{
		"another drill":    {Fixed{Summary{ID: "base"}}, "run base did not run it"},
		"missed itself":    {Fixed{spoilt}, "its recovery time was not met in run base itself"},
		"another scale":    {Fixed{large}, "run base cannot be compared: it differs in scale: large → small; CPUs: 8 → 2"},
		"other workers":    {Fixed{defaults}, "differs in workers: defaults → tuned"},
		"an empty history": {Last{}, "the history has no run in which its recovery time was met"},
		"none to compare": {Last{Chain{Entries: entriesOf(large)}},
			"the history has no run that can be compared: the last one, base, differs in scale: large → small; CPUs: 8 → 2"},
	} {
		r := measured(four...)
		r.Drills[0].Workers = &reports.Workers{Settings: "tuned"}
		Gate(&r, tt.against)
		d := r.Drills[0]
		if d.Verdict != reports.NotProven || !strings.HasPrefix(d.Regression.Reason, "whether recovery became slower is not known: ") ||
			!strings.HasSuffix(d.Regression.Reason, tt.reason) {
			t.Errorf("%s: %s, %q", name, d.Verdict, d.Regression.Reason)
		}
	}
}

func TestGateTellsOfOtherDifferences(t *testing.T) {
	b := base(1.5, 1.6, 1.7, 1.8)
	b.Version, b.Scripts = "v1", map[string]reports.Script{"restart-redis.sh": {SHA256: "01"}, "lib.sh": {SHA256: "01"}, "other.sh": {SHA256: "01"}}
	b.Images = map[string]reports.Image{"redis": {Digest: "01"}, "postgres": {Digest: "01"}}
	r := measured(1.5, 1.6, 1.7, 1.8)
	r.Run.Version, r.Run.Scripts = "v2", map[string]reports.Script{"restart-redis.sh": {SHA256: "02"}, "lib.sh": {SHA256: "02"}, "other.sh": {SHA256: "02"}}
	r.Run.Images = map[string]reports.Image{"redis": {Digest: "02"}}
	Gate(&r, Fixed{b})
	want := "script lib.sh, script restart-redis.sh, image redis, drdrill: v1 → v2"
	if got := strings.Join(r.Drills[0].Regression.Differences, ", "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGateLeavesOtherDrillsAlone(t *testing.T) {
	r := measured(1.5)
	r.Drills[0].RTO.TargetSeconds = 0
	r.Run.Aborted = "interrupted"
	r.Drills = append(r.Drills, reports.Drill{Name: "later", Verdict: reports.NotProven, RTO: reports.RTO{TargetSeconds: 60}})
	Gate(&r, Last{})
	for _, d := range r.Drills {
		if d.Regression != nil {
			t.Errorf("%s: %+v", d.Name, d.Regression)
		}
	}
}

// A run that was found slower, or could not be restored, is no baseline: running again must not make
// the regression the rule.
func TestLastGoodRunIsTheBaseline(t *testing.T) {
	good, slower, known := base(1, 1, 1, 1), base(2, 2, 2, 2), base(3, 3, 3, 3)
	good.ID, slower.ID, known.ID = "good", "slower", "known"
	for i := range slower.Results {
		slower.Results[i].Verdict, slower.Results[i].Regression, slower.Results[i].Otherwise = reports.Missed, reports.Missed, reports.Met
	}
	unproven := base(4, 4, 4, 4)
	unproven.Results[0].Verdict = reports.NotProven
	r := measured(2, 2, 2, 2)
	now := Summarise(r)
	if b, why := (Last{Chain{Entries: entriesOf(good, slower, unproven)}}).Against("redis-kill", now); b.ID != "good" {
		t.Errorf("the baseline is %s: %s", b.ID, why)
	}
	// A miss in the data, as of a known gap, leaves the recovery time what it is; and so does a comparison that could not be made.
	for i := range known.Results {
		known.Results[i].Verdict, known.Results[i].Regression, known.Results[i].Otherwise = reports.NotProven, reports.NotProven, reports.Missed
	}
	if b, why := (Last{Chain{Entries: entriesOf(good, known)}}).Against("redis-kill", now); b.ID != "known" {
		t.Errorf("the baseline is %s: %s", b.ID, why)
	}
}

func TestNeeded(t *testing.T) {
	for n, want := range map[int]int{1: 40, 2: 8, 3: 5, 4: 4, 5: 3, 8: 2, 39: 2, 40: 1} {
		if got := Needed(n); got != want {
			t.Errorf("against %d: %d, want %d", n, got, want)
		}
	}
}

// The least probability is what the test gives when all of one side are below all of the other.
func TestLeastNoise(t *testing.T) {
	for a := 1; a < 9; a++ {
		for b := 1; b < 9; b++ {
			var low, high []float64
			for i := range a {
				low = append(low, float64(i))
			}
			for i := range b {
				high = append(high, float64(100+i))
			}
			if got, want := leastNoise(a, b), noise(low, high); math.Abs(got-want) > 1e-9 {
				t.Errorf("%d and %d: %g, and the test gives %g", a, b, got, want)
			}
		}
	}
}

// TestNoise holds the test against published values: Hollander and Wolfe's tritiated water, and R's
// wilcox.test(c(1,2,3,4), c(2.5,5,6,7)).
func TestNoise(t *testing.T) {
	for _, tt := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, []float64{1.15, 0.88, 0.90, 0.74, 1.21}, 0.2544},
		{[]float64{1, 2, 3, 4}, []float64{2.5, 5, 6, 7}, 0.1143},
	} {
		if got := noise(tt.a, tt.b); math.Abs(got-tt.want) > 5e-4 {
			t.Errorf("noise(%v, %v) = %g, want %g", tt.a, tt.b, got, tt.want)
		}
	}
	if got := noise([]float64{1, 1, 1}, []float64{1, 1, 1}); got != 1 {
		t.Errorf("of equal samples: %g", got)
	}
}

func TestCompare(t *testing.T) {
	before, after := base(1, 2, 3, 4), with(base(2, 3), "new", reports.Met)
	before = with(before, "old", reports.Missed)
	before.Scripts = map[string]reports.Script{"a.sh": {SHA256: "01"}, "b.sh": {SHA256: "01"}}
	after.Scripts = map[string]reports.Script{"a.sh": {SHA256: "01"}, "b.sh": {SHA256: "02"}, "c.sh": {SHA256: "03"}}
	after.Scale = "large"
	c := Compare(before, after)
	if !slices.Equal(c.OnlyBefore, []string{"old"}) || !slices.Equal(c.OnlyAfter, []string{"new"}) || len(c.Drills) != 1 {
		t.Errorf("got %+v", c)
	}
	d := c.Drills[0]
	if *d.BeforeSeconds != 2.5 || *d.AfterSeconds != 2.5 || d.Repetitions != [2]int{4, 2} || d.P != nil || len(d.Phases) != 2 {
		t.Errorf("got %+v", d)
	}
	if want := []FileChange{{"b.sh", "01", "02"}, {"c.sh", "", "03"}}; !slices.Equal(c.Scripts, want) {
		t.Errorf("scripts %v", c.Scripts)
	}
	if want := []Setting{{"scale", "small", "large"}}; !slices.Equal(c.Settings, want) {
		t.Errorf("settings %v", c.Settings)
	}
}
