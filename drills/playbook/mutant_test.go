package playbook_test

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// Which findings tell on a sabotage. This needs no engine: it runs as the catalogue's tests do.
func TestCatalogueMutantsAreFoundOutByMoreThanNoise(t *testing.T) {
	m := mutant{sabotage: nothing, drill: drills.Drill{Scripts: []drills.Script{{Name: "restore.sh"}}}}
	second := 1.0
	for _, tt := range []struct {
		name     string
		change   func(*reports.Drill)
		survives bool
		noise    bool
	}{
		{"is met", func(d *reports.Drill) { d.Verdict = reports.Met }, true, false},
		{"did not get to its fault", func(*reports.Drill) {}, true, true},
		{"has an RTO that may be over the target", func(d *reports.Drill) { d.RTO.Verdict = reports.NotProven }, true, true},
		{"was not read back", func(d *reports.Drill) {
			d.RPO = []reports.RPO{{Class: "runs", Verdict: reports.NotProven, Acknowledged: 9}}
		}, true, true},
		{"shows its accepted risk", func(d *reports.Drill) {
			d.Verdict, d.RPO = reports.Missed, []reports.RPO{{Class: "memory", Verdict: reports.Missed, ObservedSeconds: &second}}
			d.Findings = []reports.Finding{{Of: "rpo memory", Verdict: reports.Missed, Accepted: &reports.Acceptance{}}}
		}, true, false},
		{"fails in an obstacle of the fault", func(d *reports.Drill) {
			d.Steps = []reports.Step{{Script: "backup.sh", ExitCode: 70}}
		}, true, true},
		{"was broken off", func(d *reports.Drill) {
			d.Steps = []reports.Step{{Script: "restore.sh", ExitCode: runbook.ExitInterrupted}}
		}, true, true},
		{"is not restored", func(d *reports.Drill) { d.RTO.Verdict = reports.Missed }, false, false},
		{"fails in the recovery", func(d *reports.Drill) {
			d.Steps = []reports.Step{{Script: "restore.sh", ExitCode: 70}}
		}, false, false},
		{"loses writes", func(d *reports.Drill) {
			d.Findings = []reports.Finding{{Of: "rpo runs", Verdict: reports.Missed}}
		}, false, false},
		{"holds another end than it states", func(d *reports.Drill) {
			d.RPO = []reports.RPO{{Class: "runs", Verdict: reports.NotProven, Acknowledged: 9, ObservedSeconds: &second}}
		}, false, false},
		{"has wrong data in a class with an accepted risk", func(d *reports.Drill) {
			d.Findings = []reports.Finding{
				{Of: "rpo memory", Verdict: reports.Missed, Accepted: &reports.Acceptance{}}, {Of: "damage memory", Verdict: reports.Missed},
			}
		}, false, false},
		{"has a proof that could not be made", func(d *reports.Drill) { d.Proofs = []reports.Proof{{Verdict: reports.NotProven}} }, false, false},
	} {
		result := reports.Drill{Verdict: reports.NotProven, RTO: reports.RTO{Verdict: reports.Met}}
		tt.change(&result)
		err := m.survives(result)
		if (err != nil) != tt.survives || errors.Is(err, errNoise) != tt.noise {
			t.Errorf("a mutant that %s: %v", tt.name, err)
		}
	}
}
