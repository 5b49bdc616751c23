package history

import (
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// period is how far back findings go into a record: an auditor's year.
const period = 366 * 24 * time.Hour

// Inform puts what the history shows into a record that is not in it yet: its place, the trends and the findings
// of a year. Those of damage are always in it, and so are those that others add.
func (c Chain) Inform(r *reports.Record, others []Finding) {
	r.History = &reports.History{Entry: c.Next, Previous: c.Head}
	for i := range r.Drills {
		r.Drills[i].Trend = Trend(c.Entries, r.Drills[i].Name, TrendLength)
	}
	with := c
	with.Entries = append(append([]Entry{}, c.Entries...), Entry{Number: c.Next, Run: Summarise(*r)})
	now := r.Run.StartedAt
	for _, f := range Since(append(others, with.Findings(now)...), now.Add(-period)) {
		r.Findings = append(r.Findings, f.Text)
	}
}
