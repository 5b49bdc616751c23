package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// The kinds of findings.
const (
	Damaged       = "damage"         // the chain is not as it was written
	Contradicted  = "contradiction"  // a record says otherwise than the chain
	MissedQuarter = "missed quarter" // a quarter of a year without a result
	Rerun         = "rerun"          // met only after runs that were not
	Failing       = "failing"        // not met several times in a row
	Unfinished    = "unfinished"     // a run that began and left no record
)

// Finding is one thing that the history shows and a single run cannot.
type Finding struct {
	Kind string `json:"kind"`
	// At is when what was found came about; zero where nobody knows, as of damage.
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text"` // a sentence
}

// Grave says whether the history cannot be relied on.
func (f Finding) Grave() bool { return f.Kind == Damaged || f.Kind == Contradicted }

// Findings are what the chain shows by now: damage first, then by time.
func (c Chain) Findings(now time.Time) []Finding {
	var list []Finding
	list = append(list, missedQuarters(c.Entries, now)...)
	for _, drill := range drillsOf(c.Entries) {
		list = append(list, streaks(c.Entries, drill)...)
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return a.At.Compare(b.At) })
	return append(c.damages(), list...)
}

func (c Chain) damages() []Finding {
	var list []Finding
	for _, d := range c.Damage {
		list = append(list, Finding{Kind: Damaged, Text: "The history is damaged in " + d.String() + "."})
	}
	return list
}

// Since leaves out what came about before the instant.
func Since(list []Finding, from time.Time) []Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return !f.At.IsZero() && f.At.Before(from) })
}

// drillsOf are all drills that ever came to run, in the order in which they first did.
func drillsOf(entries []Entry) []string {
	var names []string
	seen := map[string]bool{}
	for _, e := range entries {
		for _, name := range e.Run.Drills() {
			if !seen[name] {
				names, seen[name] = append(names, name), true
			}
		}
	}
	return names
}

// streaks finds runs of a drill that were not met and were followed by others.
func streaks(entries []Entry, drill string) []Finding {
	var list []Finding
	var failed []Summary
	for _, e := range entries {
		results := e.Run.Of(drill)
		switch {
		case len(results) == 0:
			continue
		case worst(results) != reports.Met:
			failed = append(failed, e.Run)
			continue
		case len(failed) > 0:
			list = append(list, rerun(drill, failed, e.Run))
		}
		failed = nil
	}
	if len(failed) > 1 {
		list = append(list, Finding{
			Kind: Failing, At: failed[len(failed)-1].StartedAt,
			Text: fmt.Sprintf("%s was not met in its last %d runs: %s.", drill, len(failed), runWords(drill, failed)),
		})
	}
	return list
}

// rerun tells of a run that was met after others were not, and of what was changed in between.
func rerun(drill string, failed []Summary, met Summary) Finding {
	before := failed[len(failed)-1]
	changed := "its scripts and images were the same"
	if what := append(changedScripts(before, met, drill), changedImages(before, met)...); len(what) > 0 {
		changed = "in between changed: " + strings.Join(what, ", ")
	}
	return Finding{
		Kind: Rerun, At: met.StartedAt,
		Text: fmt.Sprintf("%s was met in run %s after %s: %s; %s.",
			drill, met.ID, quantity(len(failed), "run in which it was not", "runs in which it was not"), runWords(drill, failed), changed),
	}
}

// mostRuns is how many runs a finding names.
const mostRuns = 3

// runWords name the last runs and what the drill came to in them.
func runWords(drill string, runs []Summary) string {
	var words []string
	if more := len(runs) - mostRuns; more > 0 {
		words = append(words, quantity(more, "earlier one", "earlier ones"))
		runs = runs[more:]
	}
	for _, r := range runs {
		words = append(words, fmt.Sprintf("%s (%s)", r.ID, verdictWords(r.Of(drill))))
	}
	return strings.Join(words, ", ")
}

// verdictWords are the worst verdict of the repetitions in words.
func verdictWords(results []Result) string {
	words := strings.ReplaceAll(worst(results), "-", " ")
	if accepted(results) {
		words += ", accepted"
	}
	return words
}

func quantity(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
