package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// quarter counts the quarters of years.
type quarter int

func quarterOf(t time.Time) quarter {
	t = t.UTC()
	return quarter(t.Year()*4 + (int(t.Month())-1)/3)
}

// String is the quarter as people write it: the 3rd quarter of 2026.
func (q quarter) String() string {
	return fmt.Sprintf("the %s quarter of %d", []string{"1st", "2nd", "3rd", "4th"}[q%4], q/4)
}

// end is the first instant after the quarter.
func (q quarter) end() time.Time {
	q++
	return time.Date(int(q/4), time.Month(q%4*3+1), 1, 0, 0, 0, 0, time.UTC)
}

// missedQuarters finds the quarters that are over in which a drill gave no result, from the one in
// which it first ran. A run that proved nothing is no result.
func missedQuarters(entries []Entry, now time.Time) []Finding {
	began, results := map[string]quarter{}, map[quarter]map[string]bool{}
	drills := drillsOf(entries)
	for _, e := range entries {
		q := quarterOf(e.Run.StartedAt)
		for _, r := range e.Run.Results {
			if _, known := began[r.Drill]; !known && !r.Unrun {
				began[r.Drill] = q
			}
			if r.Verdict != reports.NotProven {
				if results[q] == nil {
					results[q] = map[string]bool{}
				}
				results[q][r.Drill] = true
			}
		}
	}
	var list []Finding
	if len(entries) == 0 {
		return nil
	}
	for q := quarterOf(entries[0].Run.StartedAt); q < quarterOf(now); q++ {
		due := slices.DeleteFunc(slices.Clone(drills), func(name string) bool { return began[name] > q })
		without := slices.DeleteFunc(slices.Clone(due), func(name string) bool { return results[q][name] })
		if len(without) > 0 || len(due) == 0 {
			list = append(list, Finding{Kind: MissedQuarter, At: q.end(), Text: quarterWords(q, without, len(due))})
		}
	}
	return list
}

// mostDrills is how many drills a finding names.
const mostDrills = 5

func quarterWords(q quarter, without []string, due int) string {
	if len(without) == due {
		return fmt.Sprintf("No drill gave a result in %s.", q)
	}
	named := without[:min(len(without), mostDrills)]
	words := strings.Join(named, ", ")
	if more := len(without) - len(named); more > 0 {
		words += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %d drills gave no result in %s: %s.", len(without), due, q, words)
}
