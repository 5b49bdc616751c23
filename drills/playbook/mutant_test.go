package playbook_test

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// Which findings tell on a sabotage. This needs no engine: it runs as the catalogue's tests do.
func TestCatalogueMutantsAreFoundOutByMoreThanNoise(t *testing.T) {
	m := mutant{sabotage: nothing, drill: drills.Drill{
		Scripts:   []drills.Script{{Name: "restore.sh"}},
		Objective: recovery.Objective{Gaps: map[recovery.Class]string{recovery.Memory: "known"}},
	}}
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
		{"shows its known gap", func(d *reports.Drill) {
			d.Verdict, d.RPO = reports.Missed, []reports.RPO{{Class: "memory", Verdict: reports.Missed, ObservedSeconds: &second}}
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
		{"loses writes", func(d *reports.Drill) { d.RPO = []reports.RPO{{Class: "runs", Verdict: reports.Missed}} }, false, false},
		{"holds another end than it states", func(d *reports.Drill) {
			d.RPO = []reports.RPO{{Class: "runs", Verdict: reports.NotProven, Acknowledged: 9, ObservedSeconds: &second}}
		}, false, false},
		{"has wrong data in a class with a known gap", func(d *reports.Drill) {
			d.RPO = []reports.RPO{{Class: "memory", Verdict: reports.Missed, Mutated: 1}}
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
