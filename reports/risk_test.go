package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// found is a drill with findings, each as its name and, after =, a verdict that is not missed.
func found(name string, findings ...string) Drill {
	d := Drill{Name: name, Verdict: Met, Repetition: 1}
	for _, f := range findings {
		of, verdict, other := strings.Cut(f, "=")
		if !other {
			verdict = Missed
		}
		d.Find(Finding{Of: of, Verdict: verdict, Reason: "because of " + of})
	}
	return d
}

// Each way in which accepted risks and what was missed can stand to each other.
func TestAccept(t *testing.T) {
	day := func(month time.Month, day int) governance.Date { return governance.NewDate(2026, month, day) }
	on := func(drill, class, finding string, expires governance.Date) governance.Risk {
		return governance.Risk{Drill: governance.Drill(drill), Class: governance.Class(class), Finding: finding, Reason: "r", Owner: "o", AcceptedBy: "by", Expires: expires}
	}
	runs, audit, whole := on("dump", "runs", "", day(6, 30)), on("dump", "audit", "", day(6, 30)), on("dump", "", "", day(6, 30))
	again := found("dump", "rpo runs", "rto")
	again.Repetition = 2
	for _, tt := range []struct {
		name    string
		risks   []governance.Risk
		drills  []Drill
		verdict string   // of the run, which no risk changes
		outcome string   // that a pipeline acts on
		states  []string // of the risks whose drills ran
		says    []string // of each problem, a part
	}{
		{"no risk, met", nil, []Drill{found("dump")}, Met, Met, nil, nil},
		{"no risk, missed", nil, []Drill{found("dump", "rto")}, Missed, Missed, nil, nil},
		{"accepted", []governance.Risk{runs}, []Drill{found("dump", "rpo runs"), found("kill")}, Missed, Met, []string{RiskAccepted}, nil},
		{"accepted, said twice", []governance.Risk{runs}, []Drill{found("dump", "rpo runs", "rpo runs")}, Missed, Met, []string{RiskAccepted}, nil},
		{"accepted for a drill that did not run", []governance.Risk{on("other", "", "", day(6, 30))}, []Drill{found("kill")}, Met, Met, nil, nil},
		{"accepted for another drill", []governance.Risk{runs}, []Drill{found("kill", "rpo runs")}, Missed, Missed, nil, nil},
		{"another drill missed as well", []governance.Risk{runs}, []Drill{found("dump", "rpo runs"), found("kill", "rto")}, Missed, Missed, []string{RiskAccepted}, nil},
		{"two classes, both accepted", []governance.Risk{runs, audit}, []Drill{found("dump", "rpo runs", "rpo audit")}, Missed, Met, []string{RiskAccepted, RiskAccepted}, nil},
		{"two classes, one accepted", []governance.Risk{runs}, []Drill{found("dump", "rpo runs", "rpo audit")}, Missed, Missed, []string{RiskAccepted}, []string{"dump misses more than is accepted: rpo audit."}},
		{"two classes, one closed", []governance.Risk{runs, audit}, []Drill{found("dump", "rpo runs")}, Missed, Missed, []string{RiskAccepted, RiskClosed}, []string{"dump, rpo audit is missed no more"}},
		{"damage is not the loss of a class", []governance.Risk{runs}, []Drill{found("dump", "rpo runs", "damage runs")}, Missed, Missed, []string{RiskAccepted}, []string{"more than is accepted: damage runs"}},
		{"a finding by its name", []governance.Risk{on("dump", "", "roles are back", day(6, 30))}, []Drill{found("dump", "roles are back")}, Missed, Met, []string{RiskAccepted}, nil},
		{"a finding by a part of its name", []governance.Risk{on("dump", "", "roles", day(6, 30))}, []Drill{found("dump", "roles are back")}, Missed, Missed, []string{RiskClosed},
			[]string{"dump, roles is missed no more", "more than is accepted: roles are back"}},
		{"whatever it misses", []governance.Risk{whole}, []Drill{found("dump", "rpo runs", "", "rto")}, Missed, Met, []string{RiskAccepted}, nil},
		{"what has no name is in no other risk", []governance.Risk{runs}, []Drill{found("dump", "rpo runs", "")}, Missed, Missed, []string{RiskAccepted}, []string{"more than is accepted"}},
		{"closed", []governance.Risk{runs}, []Drill{found("dump")}, Met, Missed, []string{RiskClosed}, []string{"dump, rpo runs is missed no more: strike"}},
		{"whatever it misses, closed", []governance.Risk{whole}, []Drill{found("dump")}, Met, Missed, []string{RiskClosed}, []string{"dump, whatever it misses is missed no more"}},

		{"on the last day", []governance.Risk{on("dump", "runs", "", day(3, 2))}, []Drill{found("dump", "rpo runs")}, Missed, Met, []string{RiskAccepted}, nil},
		{"the day after", []governance.Risk{on("dump", "runs", "", day(3, 1))}, []Drill{found("dump", "rpo runs")}, Missed, Missed, []string{RiskExpired}, []string{"dump, rpo runs is still missed, and was accepted until 2026-03-01"}},
		{"one of two expired", []governance.Risk{runs, on("dump", "audit", "", day(3, 1))}, []Drill{found("dump", "rpo runs", "rpo audit")}, Missed, Missed, []string{RiskAccepted, RiskExpired}, []string{"dump, rpo audit is still missed"}},
		{"expired and closed", []governance.Risk{on("dump", "runs", "", day(3, 1))}, []Drill{found("dump")}, Met, Missed, []string{RiskClosed}, []string{"missed no more"}},

		{"not proven", []governance.Risk{runs}, []Drill{found("dump", "=not-proven")}, NotProven, NotProven, []string{RiskNotProven}, nil},
		{"missed as accepted, and not proven", []governance.Risk{runs}, []Drill{found("dump", "rpo runs", "=not-proven")}, NotProven, NotProven, []string{RiskAccepted}, nil},
		{"what is not proven is not accepted", []governance.Risk{whole}, []Drill{found("dump", "rpo runs=not-proven")}, NotProven, NotProven, []string{RiskNotProven}, nil},
		{"another drill is not proven", []governance.Risk{runs}, []Drill{found("dump", "rpo runs"), found("kill", "=not-proven")}, NotProven, NotProven, []string{RiskAccepted}, nil},

		{"not proven, and another risk closed", []governance.Risk{runs, on("kill", "", "rto", day(6, 30))}, []Drill{found("dump", "=not-proven"), found("kill")}, NotProven, NotProven,
			[]string{RiskNotProven, RiskClosed}, []string{"kill, rto is missed no more"}},

		{"one repetition misses as accepted", []governance.Risk{runs}, []Drill{found("dump"), found("dump", "rpo runs")}, Missed, Met, []string{RiskAccepted}, nil},
		{"one repetition misses more", []governance.Risk{runs}, []Drill{found("dump", "rpo runs"), again}, Missed, Missed, []string{RiskAccepted}, []string{"dump #2 misses more than is accepted: rto."}},
		{"one repetition is not proven", []governance.Risk{runs}, []Drill{found("dump"), found("dump", "=not-proven")}, NotProven, NotProven, []string{RiskNotProven}, nil},
	} {
		r := sampleRecord(tt.drills...)
		r.Governance = &governance.Plan{Risks: tt.risks}
		r.Accept()
		var states []string
		for _, risk := range r.Risks {
			states = append(states, risk.State)
		}
		if r.Verdict() != tt.verdict || r.Outcome() != tt.outcome || !slices.Equal(states, tt.states) {
			t.Errorf("%s: %s, a pipeline sees %s, risks %q; want %s, %s, %q", tt.name, r.Verdict(), r.Outcome(), states, tt.verdict, tt.outcome, tt.states)
		}
		if r.WithinRisks() != (tt.verdict == Missed && tt.outcome == Met) {
			t.Errorf("%s: within accepted risks: %t", tt.name, r.WithinRisks())
		}
		problems := r.RiskProblems()
		if len(problems) != len(tt.says) {
			t.Errorf("%s: problems %q, want %d", tt.name, problems, len(tt.says))
			continue
		}
		for i, says := range tt.says {
			if !strings.Contains(problems[i], says) {
				t.Errorf("%s: %q, want %q", tt.name, problems[i], says)
			}
		}
	}
}

// An interrupted run proves nothing, whatever is accepted.
func TestAbortedIsNotWithinRisks(t *testing.T) {
	r := acceptedRecord()
	if r.Outcome() != Met {
		t.Fatalf("the sample is %s", r.Outcome())
	}
	r.Run.Aborted = "interrupted"
	if r.Outcome() != NotProven || r.WithinRisks() {
		t.Errorf("aborted, it is %s, within accepted risks: %t", r.Outcome(), r.WithinRisks())
	}
}

// A drill is accepted as long as all that it missed is, by all who accept a part of it.
func TestAccepted(t *testing.T) {
	d := found("dump", "rpo runs", "rpo audit", "rpo runs")
	accept(governance.Risk{Class: "runs", AcceptedBy: "one", Expires: governance.NewDate(2027, 3, 31)}, []*Drill{&d})
	if d.Accepted() != nil {
		t.Error("accepted, though the loss of the audit log is not")
	}
	accept(governance.Risk{Class: "audit", AcceptedBy: "two", Expires: governance.NewDate(2026, 12, 31)}, []*Drill{&d})
	if words := verdictOf(d); words != "missed, accepted until 2026-12-31 by one and two" {
		t.Error(words)
	}
	accept(governance.Risk{AcceptedBy: "three", Expires: governance.NewDate(2027, 1, 31)}, []*Drill{&d})
	if words := verdictOf(d); words != "missed, accepted until 2027-01-31 by one and three" {
		t.Errorf("with a longer risk for all: %s", words)
	}
	d.Verdict = NotProven
	if d.Accepted() != nil {
		t.Error("what is not proven is accepted")
	}
}

// No report shows a drill as met that is missed within accepted risks, and each says until when it is accepted.
func TestAcceptedStaysMissed(t *testing.T) {
	r := acceptedRecord()
	for _, f := range formats {
		var out strings.Builder
		if err := f.render(&out, r); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(out.String()), " ")
		want := "accepted until 2026-05-31 by head of platform"
		if f.ext == "json" {
			want = `"until": "2026-05-31", "by": "head of platform"`
		}
		if f.ext == "prom" {
			want = `drdrill_drill_verdict{drill="postgres-volume-loss-dump",scenario="Scenario 3: PostgreSQL failure",repetition="1",verdict="missed"} 1`
		}
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q", f.ext, want)
		}
	}
}

// A record of a version that noted known gaps can still be read.
func TestReadsKnownGaps(t *testing.T) {
	text := `{"schema":"` + Schema + `","run":{},"drills":[{"name":"a","verdict":"missed","reasons":["late"],"gaps":[{"class":"runs","why":"a dump"}]}]}`
	r, err := Read(strings.NewReader(text))
	if err != nil || r.Outcome() != Missed {
		t.Errorf("%s, %v", r.Outcome(), err)
	}
}
