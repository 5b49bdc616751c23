package history

import (
	"fmt"
	"strings"

	"github.com/cogitator-ai/drdrill/reports"
)

// Baseline finds the run that a drill is held against. Where there is none, why says so in words.
type Baseline interface {
	Against(drill string, run Summary) (base Summary, why string)
}

// Last holds each drill against the last run of the history that can be compared and that kept the
// target of the recovery time. A run that was found slower is none: running again makes no new baseline of it.
type Last struct{ Chain Chain }

// Against is the last such run before this one.
func (l Last) Against(drill string, run Summary) (base Summary, why string) {
	why = "the history has no run in which its recovery time was met"
	for i := len(l.Chain.Entries) - 1; i >= 0; i-- {
		before := l.Chain.Entries[i].Run
		if before.ID == run.ID || !fit(before.Of(drill)) {
			continue
		}
		if other := uncomparable(before, run, drill); len(other) > 0 {
			why = fmt.Sprintf("the history has no run that can be compared: the last one, %s, differs in %s", before.ID, settingWords(other))
			continue
		}
		return before, ""
	}
	return Summary{}, why
}

// fit says whether results can be a baseline: the recovery time was measured and met in all of them.
func fit(results []Result) bool {
	for _, r := range results {
		verdict := r.Verdict
		if r.Regression != "" {
			verdict = r.Otherwise
		}
		if r.Regression == reports.Missed || verdict == reports.NotProven || r.RTO.Verdict != reports.Met || r.RTO.MeasuredSeconds == nil {
			return false
		}
	}
	return len(results) > 0
}

// Fixed holds every drill against one run.
type Fixed struct{ Run Summary }

// Against is that run, if it has the drill and can be compared.
func (f Fixed) Against(drill string, run Summary) (base Summary, why string) {
	results := f.Run.Of(drill)
	if len(results) == 0 {
		return Summary{}, fmt.Sprintf("run %s did not run it", f.Run.ID)
	}
	if !fit(results) {
		return Summary{}, fmt.Sprintf("its recovery time was not met in run %s itself", f.Run.ID)
	}
	if other := uncomparable(f.Run, run, drill); len(other) > 0 {
		return Summary{}, fmt.Sprintf("run %s cannot be compared: it differs in %s", f.Run.ID, settingWords(other))
	}
	return f.Run, ""
}

// uncomparable are the differences that make recovery times of a drill two different things.
func uncomparable(base, run Summary, drill string) []Setting {
	workers := func(s Summary) string {
		for _, r := range s.Of(drill) {
			return r.Workers
		}
		return ""
	}
	return append(loadChanges(base, run), differing([]Setting{{"workers", workers(base), workers(run)}})...)
}

func settingWords(list []Setting) string {
	var words []string
	for _, s := range list {
		words = append(words, s.String())
	}
	return strings.Join(words, "; ")
}

// Gate holds every drill of the record against its baseline. A drill that became slower has missed;
// one of which that cannot be told is not proven. Drills without a target for the recovery time are left alone.
func Gate(r *reports.Record, b Baseline) {
	run := Summarise(*r)
	found := map[string]*reports.Regression{}
	for i := range r.Drills {
		d := &r.Drills[i]
		if !d.RTO.Targeted() || run.Results[i].Unrun {
			continue
		}
		if _, known := found[d.Name]; !known {
			found[d.Name] = compare(d.Name, run, b)
		}
		hold(d, *found[d.Name])
	}
}

// hold makes the comparison a part of the drill's verdict.
func hold(d *reports.Drill, regression reports.Regression) {
	regression.Otherwise = d.Verdict
	d.Regression = &regression
	if regression.Verdict != reports.Met {
		d.Find(reports.Finding{Of: "baseline", Verdict: regression.Verdict, Reason: "baseline: " + regression.Reason})
	}
}

// compare holds one drill of the run against its baseline.
func compare(drill string, run Summary, b Baseline) *reports.Regression {
	r := &reports.Regression{Verdict: reports.NotProven, Alpha: Alpha}
	base, why := b.Against(drill, run)
	if why != "" {
		r.Reason = "whether recovery became slower is not known: " + why
		return r
	}
	before, after := base.Of(drill), run.Of(drill)
	r.Baseline, r.BaselineSeconds, r.Seconds = base.ID, recoveryTimes(before), recoveryTimes(after)
	r.Differences = append(changedScripts(base, run, drill), changedImages(base, run)...)
	for _, s := range circumstances(base, run) {
		r.Differences = append(r.Differences, s.String())
	}
	if was, is := len(r.BaselineSeconds), len(r.Seconds); !enough(was, is) {
		r.Reason = fewWords(base.ID, was, is)
		return r
	}
	p := noise(r.BaselineSeconds, r.Seconds)
	r.P = &p
	growth := *median(r.Seconds)/(*median(r.BaselineSeconds)) - 1
	if growth > 0 {
		r.Slowest = slowest(phaseChanges(before, after))
	}
	r.Verdict = reports.Met
	if p < Alpha && growth >= Least {
		r.Verdict = reports.Missed
	}
	r.Reason = outcomeWords(*r, growth)
	return r
}
