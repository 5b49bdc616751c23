package reports

import "testing"

func TestVerdictOfARun(t *testing.T) {
	of := func(verdicts ...string) Record {
		var r Record
		for _, v := range verdicts {
			r.Drills = append(r.Drills, Drill{Verdict: v})
		}
		return r
	}
	aborted := of(Met)
	aborted.Run.Aborted = "interrupted"
	for _, c := range []struct {
		name string
		r    Record
		want string
	}{
		{"nothing was drilled", of(), NotProven},
		{"all met", of(Met, Met), Met},
		{"one missed", of(Met, Missed, Met), Missed},
		{"not proven is worse than missed", of(NotProven, Missed), NotProven},
		{"ended early", aborted, NotProven},
	} {
		if got := c.r.Verdict(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := rank("nonsense"); got != rank(NotProven) {
		t.Errorf("an unknown verdict has rank %d, want that of not proven", got)
	}
}

func TestWorstRPO(t *testing.T) {
	met := func(class string, target, observed float64, lost int) RPO {
		return RPO{Class: class, TargetSeconds: target, ObservedSeconds: &observed, Judged: "observed", Verdict: Met, Lost: lost}
	}
	missed, unread := met("missed", 0, 2, 7), met("unread", 60, 0, 0)
	missed.Verdict = Missed
	unread.Verdict, unread.ObservedSeconds = NotProven, nil
	projected := met("projected", 100, 0, 0)
	projected.Judged, projected.ProjectedSeconds = "projected", seconds(90)
	for _, c := range []struct {
		name string
		rpo  []RPO
		want string
	}{
		{"the worst verdict", []RPO{met("a", 60, 59, 900), missed, met("b", 0, 0, 0)}, "missed"},
		{"not proven before missed", []RPO{missed, unread}, "unread"},
		{"nearest to its target", []RPO{met("a", 60, 30, 1), projected, met("b", 1000, 500, 1)}, "projected"},
		{"loss where none is allowed", []RPO{met("a", 60, 59, 1), met("b", 0, .1, 1)}, "b"},
		{"more lost writes", []RPO{met("a", 60, 30, 1), met("b", 60, 30, 2)}, "b"},
	} {
		if got, ok := worstRPO(Drill{RPO: c.rpo}); !ok || got.Class != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Class, c.want)
		}
	}
	if _, ok := worstRPO(Drill{}); ok {
		t.Error("a drill without a class has a worst one")
	}
}

func TestLostWords(t *testing.T) {
	d := volumeLoss()
	if got := lostWords(d); got != "1,080" {
		t.Errorf("lost %q", got)
	}
	d.RPO[0].ObservedSeconds = nil
	if got := lostWords(d); got != "at least 1,080" {
		t.Errorf("lost %q where a class was not read", got)
	}
}

func TestLongestStepIsARecoveryStep(t *testing.T) {
	d := volumeLoss()
	d.Steps[0].Seconds = 900 // a backup before the fault
	if s, ok := longestStep(d); !ok || s.Name != "restore the dump" {
		t.Errorf("longest step %q", s.Name)
	}
	if _, ok := longestStep(Drill{}); ok {
		t.Error("a drill without steps has a longest one")
	}
}
