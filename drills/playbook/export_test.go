package playbook

import (
	"testing"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// ProjectPlan is the configuration that make drill finds in the project's folder.
func ProjectPlan(t testing.TB) *governance.Plan {
	t.Helper()
	var names []string
	for _, d := range Drills() {
		names = append(names, d.Name)
	}
	plan, _, err := governance.Load("../../"+governance.FileName, names)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
