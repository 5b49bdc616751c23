package playbook

import (
	"maps"
	"slices"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// The words of a configuration are those of the catalogue.
func TestCatalogueVocabulary(t *testing.T) {
	stated := Targets()
	sameWords(t, "scenarios", maps.Keys(stated.RTO), governance.Scenarios())
	sameWords(t, "backups", maps.Keys(stated.Backups), governance.Backups())
	var classes []governance.Class
	for _, class := range recovery.Classes() {
		classes = append(classes, governance.Class(class))
	}
	if !slices.Equal(governance.Classes(), classes) {
		t.Errorf("classes %q, want %q", governance.Classes(), classes)
	}
	sameWords(t, "classes", maps.Keys(stated.RPO), governance.Classes())
}

func sameWords[T ~string](t *testing.T, what string, got func(func(T) bool), want []T) {
	t.Helper()
	if got, want := slices.Sorted(got), slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		t.Errorf("%s of the catalogue are %q, of a configuration %q", what, got, want)
	}
}

// The risks that the project accepts are the two that no dump can close, and name findings as drills do.
func TestCatalogueRisks(t *testing.T) {
	var accepted []string
	for _, risk := range ProjectPlan(t).Risks {
		accepted = append(accepted, string(risk.Drill)+" "+risk.Of())
	}
	slices.Sort(accepted)
	want := []string{
		"postgres-backup-corrupt " + recovery.OfRPO(recovery.Audit), "postgres-backup-corrupt " + recovery.OfRPO(recovery.Runs),
		"postgres-volume-loss-dump " + recovery.OfRPO(recovery.Audit), "postgres-volume-loss-dump " + recovery.OfRPO(recovery.Runs),
	}
	if !slices.Equal(accepted, want) {
		t.Errorf("accepted are %q, want %q", accepted, want)
	}
}

// The playbook's targets, stated by a configuration, change nothing that a drill is judged by; a
// schedule is no longer than what the drill assumes.
func TestCatalogueHeldToItsOwnTargets(t *testing.T) {
	catalogue := Drills()
	for i, held := range drills.HeldTo(catalogue, Targets()) {
		d := catalogue[i]
		if held.Objective.RTO != d.Objective.RTO || held.Objective.Declared != 0 ||
			!maps.Equal(held.Objective.RPO, d.Objective.RPO) {
			t.Errorf("%s: the objective is %+v, was %+v", d.Name, held.Objective, d.Objective)
		}
		for j, b := range held.Backups {
			if b.Policy > d.Backups[j].Policy || b.Policy <= 0 {
				t.Errorf("%s: %s every %s, was every %s", d.Name, b.Script, b.Policy, d.Backups[j].Policy)
			}
		}
	}
}
