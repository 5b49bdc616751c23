package main

import (
	"runtime"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

// lastBaseline is what --baseline takes beside a run.
const lastBaseline = "last"

// against is what the plan's drills are held against; nil without --baseline. One that could show
// nothing is refused before anything is started.
func (o runOptions) against(plan drills.Plan) (history.Baseline, error) {
	if o.baseline == "" {
		return nil, nil
	}
	baseline, err := o.openBaseline(plan)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range plan.Drills {
		if d.Objective.RTO > 0 {
			names = append(names, d.Name)
		}
	}
	planned := history.Summary{
		ID: plan.RunID, Scale: plan.Scale.Name, Parallel: plan.Parallel, Rate: plan.EffectiveRate(), Choices: plan.Choices,
		Host: reports.Host{CPUs: runtime.NumCPU(), Arch: runtime.GOARCH},
	}
	if err := history.Foresee(baseline, planned, names, plan.Repeat); err != nil {
		return nil, usage("--baseline %s: %w", o.baseline, err)
	}
	return baseline, nil
}

func (o runOptions) openBaseline(plan drills.Plan) (history.Baseline, error) {
	if o.baseline == lastBaseline {
		chain, err := readHistory(historyBeside(plan.Dir, o.history))
		if err != nil {
			return nil, usage("--baseline %s: %w", lastBaseline, err)
		}
		return history.Last{Chain: chain}, nil
	}
	run, err := findRun(o.baseline, o.history)
	if err != nil {
		return nil, usage("--baseline: %w", err)
	}
	return history.Fixed{Run: run}, nil
}

// baselineNews say what came out of the comparison with a baseline; empty where there was none.
func baselineNews(record reports.Record) []string {
	by := map[string][]string{}
	for _, d := range record.Drills {
		if r := d.Regression; r != nil && !slices.Contains(by[r.Verdict], d.Name) {
			by[r.Verdict] = append(by[r.Verdict], d.Name)
		}
	}
	var parts []string
	if n := len(by[reports.Met]); n > 0 {
		parts = append(parts, quantity(n, "drill")+" not slower")
	}
	if slower := by[reports.Missed]; len(slower) > 0 {
		parts = append(parts, "slower: "+strings.Join(slower, ", "))
	}
	if unknown := by[reports.NotProven]; len(unknown) > 0 {
		parts = append(parts, "not known: "+strings.Join(unknown, ", "))
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{"baseline: " + strings.Join(parts, "; ")}
}
