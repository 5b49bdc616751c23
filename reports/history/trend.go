package history

import (
	"slices"

	"github.com/cogitator-ai/drdrill/reports"
)

// TrendLength is how many runs of a drill a trend shows.
const TrendLength = 12

// Trend are the last runs of a drill, at most n, oldest first.
func Trend(entries []Entry, drill string, n int) []reports.Past {
	var trend []reports.Past
	for _, e := range slices.Backward(entries) {
		if len(trend) == n {
			break
		}
		if results := e.Run.Of(drill); len(results) > 0 {
			trend = append(trend, past(e.Run, results))
		}
	}
	slices.Reverse(trend)
	return trend
}

func past(run Summary, results []Result) reports.Past {
	return reports.Past{RunID: run.ID, At: run.StartedAt, Verdict: worst(results), RTOSeconds: median(recoveryTimes(results))}
}

// recoveryTimes are the measured recovery times of the repetitions that were restored, in seconds.
func recoveryTimes(results []Result) []float64 {
	var times []float64
	for _, r := range results {
		if r.RTO.MeasuredSeconds != nil {
			times = append(times, *r.RTO.MeasuredSeconds)
		}
	}
	return times
}

// median is nil where there is nothing.
func median(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		middle = (sorted[len(sorted)/2-1] + middle) / 2
	}
	return &middle
}
