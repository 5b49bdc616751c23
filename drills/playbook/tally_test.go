package playbook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
)

// onceMore is the entry of a spec that was rehearsed a second time, since the first one proved nothing.
const onceMore = "rehearsed once more"

// mostOnceMore is how many specs of a run may be. A busy machine spoils one now and then; more of them, and somebody has to look.
const mostOnceMore = 1

// noteOnceMore says that the spec is rehearsed a second time, and why.
func noteOnceMore(why ...string) {
	AddReportEntry(onceMore, strings.Join(why, "\n"), ReportEntryVisibilityAlways)
}

// What is said at the end, of the specs of all processes.
var _ = ReportAfterSuite("Tally", func(report Report) {
	again, sabotaged, found := tally(report.SpecReports)
	fmt.Printf("rehearsed once more: %d specs\n", len(again))
	for _, name := range again {
		fmt.Printf("  %s\n", name)
	}
	if sabotaged > 0 {
		fmt.Printf("recoveries that must not be met: %d of %d found out, %.0f %%\n", found, sabotaged, 100*float64(found)/float64(sabotaged))
	}
	Expect(len(again)).To(BeNumerically("<=", mostOnceMore), "specs that were not proven at first; their reasons are above")
})

// tally finds the specs that were rehearsed once more, and counts the recoveries that must not be met.
func tally(specs types.SpecReports) (again []string, sabotaged, found int) {
	for _, spec := range specs {
		if slices.ContainsFunc(spec.ReportEntries, func(e types.ReportEntry) bool { return e.Name == onceMore }) {
			again = append(again, spec.FullText())
		}
		ran := spec.State.Is(types.SpecStatePassed | types.SpecStateFailureStates)
		if !ran || !slices.Contains(spec.Labels(), "sabotage") {
			continue
		}
		sabotaged++
		if spec.State.Is(types.SpecStatePassed) {
			found++
		}
	}
	return again, sabotaged, found
}

// This needs no engine: it runs as the catalogue's tests do.
func TestCatalogueTally(t *testing.T) {
	entries := types.ReportEntries{{Name: "another"}, {Name: onceMore}}
	sabotage := []string{"sabotage"}
	again, sabotaged, found := tally(types.SpecReports{
		{LeafNodeText: "rehearsed once", State: types.SpecStatePassed},
		{LeafNodeText: "rehearsed twice", State: types.SpecStatePassed, ReportEntries: entries},
		{LeafNodeText: "a survivor", State: types.SpecStateFailed, LeafNodeLabels: sabotage, ReportEntries: entries},
		{LeafNodeText: "one that did not end", State: types.SpecStateTimedout, LeafNodeLabels: sabotage},
		{LeafNodeText: "found out", State: types.SpecStatePassed, LeafNodeLabels: sabotage},
		{LeafNodeText: "left out", State: types.SpecStateSkipped, LeafNodeLabels: sabotage},
	})
	if want := []string{"rehearsed twice", "a survivor"}; !slices.Equal(again, want) || sabotaged != 3 || found != 1 {
		t.Errorf("rehearsed once more: %q, want %q; %d of %d found out, want 1 of 3", again, want, found, sabotaged)
	}
}
