package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The events of a timeline that the pictures are built around. Others are drawn where they happened.
const (
	eventInjected = "injected"
	eventImpact   = "impact"
	eventRestored = "restored"
	eventVerified = "verified"
)

// tally counts the drills of a run by verdict.
type tally struct {
	Met, Missed, NotProven int
	Accepted               int // of those that are missed
}

// tallied counts a record's drills.
func tallied(r Record) tally {
	var t tally
	for _, d := range r.Drills {
		t.addDrill(d)
	}
	return t
}

// addDrill counts one more drill, and whether what it missed is accepted.
func (t *tally) addDrill(d Drill) {
	t.add(d.Verdict)
	if d.Accepted() != nil {
		t.Accepted++
	}
}

// add counts one more verdict.
func (t *tally) add(verdict string) {
	switch verdict {
	case Met:
		t.Met++
	case Missed:
		t.Missed++
	default:
		t.NotProven++
	}
}

// Worst is the worst verdict counted; met where none was.
func (t tally) Worst() string {
	switch {
	case t.NotProven > 0:
		return NotProven
	case t.Missed > 0:
		return Missed
	default:
		return Met
	}
}

// String is the tally as a line of text.
func (t tally) String() string {
	accepted := ""
	if t.Accepted > 0 {
		accepted = fmt.Sprintf(" of which %d accepted", t.Accepted)
	}
	return fmt.Sprintf("%d met, %d missed%s, %d not proven", t.Met, t.Missed, accepted, t.NotProven)
}

// repeated says whether a record holds a drill more than once, so that its names need a number.
func repeated(r Record) bool {
	return slices.ContainsFunc(r.Drills, func(d Drill) bool { return d.Repetition > 1 })
}

// heading is a drill's name, with its repetition where the record has several.
func heading(d Drill, numbered bool) string {
	name := oneLine(d.Name)
	if numbered {
		return fmt.Sprintf("%s #%d", name, d.Repetition)
	}
	return name
}

// eventAt is the instant of an event in a drill's timeline, in seconds since the drill began.
func eventAt(d Drill, event string) (float64, bool) {
	for _, e := range d.Timeline {
		if e.Event == event {
			return e.AtSeconds, true
		}
	}
	return 0, false
}

// drillSeconds is how long a drill took, as far as its record tells.
func drillSeconds(d Drill) float64 {
	end := 0.0
	for _, e := range d.Timeline {
		end = max(end, e.AtSeconds)
	}
	for _, s := range d.Steps {
		end = max(end, s.AtSeconds+s.Seconds)
	}
	for _, a := range d.Activity {
		end = max(end, float64(a.AtSecond+1))
	}
	return end
}

// longestStep is the recovery step that took longest; a backup made before the fault is none.
func longestStep(d Drill) (Step, bool) {
	injected, _ := eventAt(d, eventInjected)
	var longest Step
	found := false
	for _, s := range d.Steps {
		if s.AtSeconds >= injected && (!found || s.Seconds > longest.Seconds) {
			longest, found = s, true
		}
	}
	return longest, found
}

// failed says whether a step did not do what it was there for.
func failed(s Step) bool { return s.TimedOut || s.ExitCode != 0 }

// judgedRPO is the figure that was held against the class's target; nil when there is none.
func judgedRPO(p RPO) *float64 {
	if p.Judged == "projected" {
		return p.ProjectedSeconds
	}
	return p.ObservedSeconds
}

// worstRPO is the class that came off worst: by verdict, then by how far it is from its target, then
// by lost writes. A drill that names no class has none.
func worstRPO(d Drill) (RPO, bool) {
	if len(d.RPO) == 0 {
		return RPO{}, false
	}
	return slices.MaxFunc(d.RPO, func(a, b RPO) int {
		return cmp.Or(cmp.Compare(rank(a.Verdict), rank(b.Verdict)), cmp.Compare(excess(a), excess(b)), cmp.Compare(a.Lost, b.Lost))
	}), true
}

// excess is the judged figure as a multiple of the target: infinite for any loss where none is
// allowed, and where nothing was measured.
func excess(p RPO) float64 {
	v := judgedRPO(p)
	switch {
	case v == nil:
		return math.Inf(1)
	case *v <= 0:
		return 0
	case p.TargetSeconds <= 0:
		return math.Inf(1)
	}
	return *v / p.TargetSeconds
}

// lostWrites counts the acknowledged writes that were not there afterwards, over all classes.
func lostWrites(d Drill) int {
	n := 0
	for _, p := range d.RPO {
		n += p.Lost
	}
	return n
}
