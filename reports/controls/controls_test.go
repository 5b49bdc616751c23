package controls

import (
	"slices"
	"strings"
	"testing"
)

// asked are the controls that the data must hold, in its order.
var asked = []string{
	"SOC 2 A1.2", "SOC 2 A1.3", "ISO 22301 8.5", "ISO 27001 A.5.29", "ISO 27001 A.5.30", "ISO 27001 A.8.13", "ISO 27001 A.8.14",
	"NIST SP 800-53 CP-2", "NIST SP 800-53 CP-4", "NIST SP 800-53 CP-9", "NIST SP 800-53 CP-10", "DORA Art. 11", "DORA Art. 12", "DORA Art. 25",
	"HIPAA Security Rule 164.308(a)(7)(ii)(D)", "PCI DSS 12.10.2",
}

func TestDataIsWhole(t *testing.T) {
	var names []string
	for _, c := range catalogue {
		name := c.Standard + " " + c.ID
		names = append(names, name)
		for what, text := range map[string]string{"edition": c.Edition, "title": c.Title, "asks": c.Asks, "beyond": c.Beyond} {
			if text == "" {
				t.Errorf("%s has no %s", name, what)
			}
		}
		if len(c.Claims) == 0 || len(c.Missing) == 0 {
			t.Errorf("%s has %d claims and %d things missing, want some of each", name, len(c.Claims), len(c.Missing))
		}
		for _, claim := range c.Claims {
			if len(claim.Names) == 0 || !strings.HasSuffix(claim.Evidences, ".") {
				t.Errorf("%s: the claim %q has no drill, or is no sentence", name, claim.Evidences)
			}
			if names := slices.Sorted(slices.Values(claim.Names)); len(slices.Compact(names)) != len(claim.Names) {
				t.Errorf("%s: the claim %q names a drill twice", name, claim.Evidences)
			}
		}
	}
	if !slices.Equal(names, asked) {
		t.Errorf("controls\n%q, want\n%q", names, asked)
	}
}

func TestUnknownKeysAreRefused(t *testing.T) {
	_, err := parse([]byte("controls:\n  - standard: SOC 2\n    claim: []\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("a misspelt key gives %v, want an error that names line 3", err)
	}
}

// everything is a run in which every drill that a claim names has the verdict.
func everything(verdict string) Run {
	var r Run
	for _, name := range Names() {
		r.Drills = append(r.Drills, Drill{name, verdict})
	}
	return r
}

func TestAllMetEvidencesAll(t *testing.T) {
	for _, c := range Assess(everything(met)) {
		if c.Status != Evidenced {
			t.Errorf("%s %s is %s", c.Standard, c.ID, c.Status)
		}
	}
}

// TestNothingIsEvidencedWithoutADrill holds that a run of nothing, or of nothing proven, evidences nothing.
func TestNothingIsEvidencedWithoutADrill(t *testing.T) {
	for name, r := range map[string]Run{"no drill": {}, "not proven": everything(notProven), "an unknown verdict": everything("fine"), "no verdict": everything("")} {
		for _, c := range Assess(r) {
			if c.Status != Unevidenced {
				t.Errorf("%s: %s %s is %s", name, c.Standard, c.ID, c.Status)
			}
		}
	}
}

// TestOneBadDrillTakesEvidenceAway damages one drill at a time: no claim and no control that names it is
// evidenced, and a missed one makes it missed, in whatever repetition it was missed.
func TestOneBadDrillTakesEvidenceAway(t *testing.T) {
	for _, bad := range Names() {
		for verdict, want := range map[string]func(Status) bool{
			missed:    func(s Status) bool { return s == Missed },
			notProven: func(s Status) bool { return s == Partly || s == Unevidenced },
			NotRun:    func(s Status) bool { return s == Partly || s == Unevidenced },
		} {
			for _, c := range Assess(withOne(bad, verdict)) {
				checkWithout(t, c, bad, verdict, want)
			}
		}
	}
}

// withOne is a run in which all drills are met but one; a bad verdict comes in one of its three repetitions.
func withOne(name, verdict string) Run {
	var r Run
	for _, d := range everything(met).Drills {
		switch {
		case d.Name != name:
			r.Drills = append(r.Drills, d)
		case verdict != NotRun:
			r.Drills = append(r.Drills, d, Drill{name, verdict}, d)
		}
	}
	return r
}

func checkWithout(t *testing.T, c Control, bad, verdict string, want func(Status) bool) {
	t.Helper()
	concerned := false
	for _, claim := range c.Claims {
		if !slices.Contains(claim.Names, bad) {
			if claim.Status != Evidenced {
				t.Errorf("%s %s: %s %s, and the claim %q, which does not name it, is %s", c.Standard, c.ID, bad, verdict, claim.Evidences, claim.Status)
			}
			continue
		}
		concerned = true
		if !want(claim.Status) {
			t.Errorf("%s %s: %s %s, and the claim %q is %s", c.Standard, c.ID, bad, verdict, claim.Evidences, claim.Status)
		}
	}
	if concerned && !want(c.Status) || !concerned && c.Status != Evidenced {
		t.Errorf("%s: %s %s, and %s is %s", c.Standard, bad, verdict, c.ID, c.Status)
	}
}

func TestAMissIsNotHiddenByAnother(t *testing.T) {
	for _, order := range [][]string{{missed, notProven}, {notProven, missed}, {met, missed}, {missed, met}} {
		var r Run
		for _, verdict := range order {
			r.Drills = append(r.Drills, Drill{"backup-redis", verdict})
		}
		if got := worstOf(r.Drills)["backup-redis"]; got != missed {
			t.Errorf("repetitions %q are %s", order, got)
		}
	}
}

func TestNeedsAreStatedByTheirFieldOnly(t *testing.T) {
	needs := []Need{{Text: "a", Field: "approver"}, {Text: "b", Field: "scope"}, {Text: "c"}}
	got := stated(needs, func(field string) bool { return field != "scope" })
	if !got[0].Stated || got[1].Stated || got[2].Stated {
		t.Errorf("stated %+v", got)
	}
	if stated(needs, nil)[0].Stated {
		t.Error("stated without governance")
	}
}

// TestAssessLeavesTheDataAlone holds that one assessment does not show in the next.
func TestAssessLeavesTheDataAlone(t *testing.T) {
	_ = Assess(everything(met))
	if c := Assess(Run{})[0]; c.Status != Unevidenced || c.Claims[0].Drills[0].Verdict != NotRun {
		t.Errorf("an earlier assessment shows: %+v", c)
	}
}
