package main

import (
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/drills/playbook"
)

// TestCatalogueCanBeShown goes through what a user can ask of the real catalogue without an engine.
func TestCatalogueCanBeShown(t *testing.T) {
	for _, d := range playbook.Drills() {
		t.Run(d.Name, func(t *testing.T) {
			text := showText(describe(d))
			for _, field := range []string{"scenario", "labels", "fault", "recovery", "scripts", "stack", "probe", "proves", "RTO", "RPO"} {
				recoversByItself := field == "scripts" && len(d.Scripts) == 0
				if !recoversByItself && !strings.Contains(text, "\n"+field+" ") {
					t.Errorf("no %s in:\n%s", field, text)
				}
			}
			if picked, err := pick(playbook.Drills(), []string{d.Name}, d.Labels); err != nil || len(picked) != 1 {
				t.Errorf("its own name and labels pick %d drills: %v", len(picked), err)
			}
		})
	}
}
