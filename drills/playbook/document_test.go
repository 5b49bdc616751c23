package playbook

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
)

var update = flag.Bool("update", false, "write docs/catalogue.md anew")

const documentFile = "../../docs/catalogue.md"

// The catalogue as a document is made from the drills themselves: go test ./drills/playbook -run Catalogue -update.
func TestCatalogueDocument(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(documentFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	is, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(is) != want {
		t.Error("docs/catalogue.md is not the catalogue: go test ./drills/playbook -run Catalogue -update")
	}
}

func document() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The catalogue\n\nAll %d drills, by scenario of the playbook. This file is made from them: `drdrill show NAME` prints one in full.\n", len(Drills()))
	scenario := ""
	for _, d := range Drills() {
		if d.Scenario != scenario {
			scenario = d.Scenario
			fmt.Fprintf(&b, "\n## %s\n\n%s.\n", scenario, target(d.Objective))
		}
		fmt.Fprintf(&b, "\n### `%s`\n\n%s.\n\n", d.Name, d.Title)
		row := func(name, text string) {
			if text != "" {
				fmt.Fprintf(&b, "- **%s:** %s\n", name, text)
			}
		}
		row("Fault", d.Fault.Describe())
		row("Recovery", d.Recovery)
		row("Scripts", scriptNames(d))
		row("Proves", d.Proves)
		row("Does not show", d.Limits)
	}
	return b.String()
}

func target(o recovery.Objective) string {
	if o.RTO == 0 {
		return "The playbook states no recovery time"
	}
	return "Recovery time below " + recovery.Words(o.RTO)
}

// scriptNames are the scripts under test of a drill, each once.
func scriptNames(d drills.Drill) string {
	var names []string
	for _, b := range d.Backups {
		names = append(names, "`"+b.Script+"`")
	}
	for _, s := range d.Scripts {
		names = append(names, "`"+s.Name+"`")
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
