package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports/controls"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// missingParts counts the parts that statements show as missing.
func missingParts(list []statement) int {
	n := 0
	for _, s := range list {
		for _, item := range s.Items {
			for _, p := range item {
				if p.Missing {
					n++
				}
			}
		}
	}
	return n
}

// TestStatementsShowAllThatIsMissing holds that nothing that a plan lacks is left out of the report.
func TestStatementsShowAllThatIsMissing(t *testing.T) {
	for name, p := range map[string]*governance.Plan{"none": nil, "empty": {}, "in part": samplePlan()} {
		if got, want := missingParts(statements(p, time.Time{})), len(p.Missing()); got != want || want == 0 {
			t.Errorf("%s: the statements show %d missing, the plan lacks %d: %q", name, got, want, p.Missing())
		}
	}
}

// TestStatementsInventNothing holds that a plan that states nothing has no words but names of what is
// missing.
func TestStatementsInventNothing(t *testing.T) {
	for _, s := range statements(nil, time.Now()) {
		for _, item := range s.Items {
			for _, p := range item {
				if !p.Missing && s.Name != "Declared delays" {
					t.Errorf("%s says %q without a plan", s.Name, p.Text)
				}
			}
		}
	}
}

func TestActionState(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)
	for _, c := range []struct {
		due, done governance.Date
		want      string
	}{
		{governance.NewDate(2026, 3, 1), governance.Date{}, "overdue"},
		{governance.NewDate(2026, 3, 2), governance.Date{}, "open"},
		{governance.Date{}, governance.Date{}, "open"},
		{governance.NewDate(2026, 3, 1), governance.NewDate(2026, 3, 2), "done 2026-03-02"},
	} {
		if got := actionState(governance.Action{Due: c.due, Done: c.done}, at); got != c.want {
			t.Errorf("due %s, done %s: %s, want %s", c.due, c.done, got, c.want)
		}
	}
}

// TestControlsNameFieldsThatThereAre holds that what a control lacks can be stated where it says so.
func TestControlsNameFieldsThatThereAre(t *testing.T) {
	var none *governance.Plan
	paths := none.Missing()
	for _, c := range controls.Assess(controls.Run{}) {
		for _, n := range c.Missing {
			if n.Field != "" && !slices.ContainsFunc(paths, func(path string) bool { return concerns(path, n.Field) }) {
				t.Errorf("%s %s: the configuration has no field %s", c.Standard, c.ID, n.Field)
			}
		}
	}
}

func TestStates(t *testing.T) {
	p := samplePlan()
	for field, want := range map[string]bool{
		"runbook": true, "assumptions": true, "runbook.version": true,
		"participants": false, "approver": false, "scope": false, "targets": false, "actions": false, "nextDrill": false,
	} {
		if got := states(p, field); got != want {
			t.Errorf("%s is stated: %t, want %t", field, got, want)
		}
	}
	if states(nil, "runbook") {
		t.Error("no plan states a runbook")
	}
}

// TestAMissedDrillShowsNoControlAsEvidenced looks at the page itself, with each drill missed in turn.
func TestAMissedDrillShowsNoControlAsEvidenced(t *testing.T) {
	for _, bad := range controls.Names() {
		var drills []Drill
		for _, name := range controls.Names() {
			d := Drill{Name: name, Scenario: "s", Verdict: Met}
			if name == bad {
				d.Verdict = Missed
			}
			drills = append(drills, d)
		}
		r := sampleRecord(drills...)
		for _, c := range controlViews(r, drillViews(r)) {
			for _, claim := range c.Claims {
				concerned := slices.ContainsFunc(claim.Drills, func(d behind) bool { return d.Name == bad })
				if concerned && (claim.Status != controls.Missed || c.Status != controls.Missed || !strings.Contains(c.Summary, "1 missed")) {
					t.Errorf("%s missed: %s %s is %s (%s), its claim %s", bad, c.Standard, c.ID, c.Status, c.Summary, claim.Status)
				}
			}
		}
	}
}
