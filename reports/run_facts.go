package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// runFact is one thing about a run that not every run has.
type runFact struct{ Name, Words string }

// runFacts are what was chosen about a run, and what its scripts are of.
func runFacts(run Run) []runFact {
	var list []runFact
	if run.Scale != "" {
		list = append(list, runFact{"Scale", oneLine(run.Scale)})
	}
	if run.Rate > 0 {
		list = append(list, runFact{"Rate", fmt.Sprintf("%s a second and class", plural(run.Rate, "write"))})
	}
	var chosen []string
	for _, key := range slices.Sorted(maps.Keys(run.Choices)) {
		chosen = append(chosen, oneLine(key+"="+run.Choices[key]))
	}
	if len(chosen) > 0 {
		list = append(list, runFact{"Chosen with --set", strings.Join(chosen, ", ")})
	}
	if run.Revisions != nil {
		list = append(list, runFact{"drdrill’s scripts are of", revisionWords(run.Revisions.Own)})
		if run.Revisions.Folder != nil {
			list = append(list, runFact{"Replaced scripts are of", revisionWords(*run.Revisions.Folder)})
		}
	}
	return list
}

// revisionWords name a commit, or say why none is known.
func revisionWords(r Revision) string {
	switch {
	case r.Commit == "" && r.Absent != "":
		return "no known commit: " + oneLine(r.Absent)
	case r.Commit == "":
		return "no known commit"
	case r.Dirty:
		return "commit " + oneLine(r.Commit) + ", with changes that are not committed"
	default:
		return "commit " + oneLine(r.Commit)
	}
}
