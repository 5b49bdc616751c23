package playbook

import (
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// The damaged backup has to be refused in the first step that was announced, or before it.
func TestRefusedFirst(t *testing.T) {
	const refusal = "refused redis-1: it is cut\n"
	step := func(script string, announced bool, output string) runbook.Step {
		return runbook.Step{Script: script, Announced: announced, Output: output}
	}
	for _, tt := range []struct {
		name    string
		steps   []runbook.Step
		refused bool
	}{
		{"in the first step", []runbook.Step{step("a", true, refusal), step("a", true, "")}, true},
		{"after a line that belongs to no step", []runbook.Step{step("a", false, "hello\n"), step("a", true, refusal)}, true},
		{"before any step", []runbook.Step{step("a", false, refusal), step("a", true, "")}, true},
		{"by a script without steps", []runbook.Step{step("a", false, refusal)}, true},
		{"in the second step", []runbook.Step{step("a", true, ""), step("a", true, refusal)}, false},
		{"in the second step, after a line that belongs to none", []runbook.Step{step("a", false, "hello\n"), step("a", true, ""), step("a", true, refusal)}, false},
		{"by another script, after one without steps", []runbook.Step{step("a", false, ""), step("b", true, refusal)}, false},
		{"never", []runbook.Step{step("a", true, "refused redis-2: it is cut\n")}, false},
	} {
		_, err := refusedFirst("redis").After(t.Context(), drills.Site{Before: "redis-1", Steps: tt.steps})
		if (err == nil) != tt.refused {
			t.Errorf("%s: %v, want it refused: %v", tt.name, err, tt.refused)
		}
	}
}
