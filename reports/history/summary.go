package history

import (
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// Summary is what the history keeps of a run.
type Summary struct {
	ID         string                    `json:"id"`
	StartedAt  time.Time                 `json:"startedAt"`
	FinishedAt time.Time                 `json:"finishedAt"`
	Verdict    string                    `json:"verdict"`
	Accepted   bool                      `json:"accepted,omitempty"` // missed, and all that was missed is within accepted risks
	Aborted    string                    `json:"aborted,omitempty"`  // why the run ended early
	Seed       uint64                    `json:"seed"`
	Version    string                    `json:"version"` // of drdrill
	Parallel   int                       `json:"parallel"`
	Rate       int                       `json:"rate,omitempty"`
	Scale      string                    `json:"scale,omitempty"`
	Choices    map[string]string         `json:"choices,omitempty"`
	Host       reports.Host              `json:"host"`
	Engine     reports.Engine            `json:"engine"`
	Images     map[string]reports.Image  `json:"images,omitempty"`
	Scripts    map[string]reports.Script `json:"scripts,omitempty"`
	Results    []Result                  `json:"results"`
}

// Result is one repetition of one drill.
type Result struct {
	Drill      string `json:"drill"`
	Repetition int    `json:"repetition"`
	Verdict    string `json:"verdict"`
	Accepted   bool   `json:"accepted,omitempty"` // missed, and all that it missed is accepted
	// Regression is the verdict of the comparison with a baseline, and Otherwise the drill's without it; both
	// empty where there was none.
	Regression string `json:"regression,omitempty"`
	Otherwise  string `json:"otherwise,omitempty"`
	// Unrun says that the run ended before the drill began.
	Unrun bool        `json:"unrun,omitempty"`
	RTO   reports.RTO `json:"rto"`
	RPO   []Loss      `json:"rpo,omitempty"`
	// Scripts are the names of the scripts that ran in it.
	Scripts []string `json:"scripts,omitempty"`
	// Workers name the settings of the queue's workers; empty where there were none.
	Workers string `json:"workers,omitempty"`
}

// Loss is what became of one data class. Seconds are nil where nothing was measured.
type Loss struct {
	Class            string   `json:"class"`
	Verdict          string   `json:"verdict"`
	Judged           string   `json:"judged"` // observed or projected
	ObservedSeconds  *float64 `json:"observedSeconds"`
	ProjectedSeconds *float64 `json:"projectedSeconds,omitempty"`
	Lost             int      `json:"lost"` // acknowledged writes
}

// Summarise takes out of a record what the history keeps.
func Summarise(r reports.Record) Summary {
	s := Summary{
		ID: r.Run.ID, StartedAt: r.Run.StartedAt, FinishedAt: r.Run.FinishedAt, Verdict: r.Verdict(), Accepted: r.WithinRisks(), Aborted: r.Run.Aborted,
		Seed: r.Run.Seed, Version: r.Run.Version, Parallel: r.Run.Parallel, Rate: r.Run.Rate, Scale: r.Run.Scale,
		Choices: r.Run.Choices, Host: r.Run.Host, Engine: r.Run.Engine, Images: r.Run.Images, Scripts: r.Run.Scripts,
		Results: []Result{},
	}
	for _, d := range r.Drills {
		s.Results = append(s.Results, resultOf(d, r.Run.Aborted != ""))
	}
	return s
}

func resultOf(d reports.Drill, aborted bool) Result {
	result := Result{
		Drill: d.Name, Repetition: d.Repetition, Verdict: d.Verdict, Accepted: d.Accepted() != nil, RTO: d.RTO,
		Unrun: aborted && d.Verdict == reports.NotProven && len(d.Timeline) == 0 && len(d.Steps) == 0,
	}
	if d.Regression != nil {
		result.Regression, result.Otherwise = d.Regression.Verdict, d.Regression.Otherwise
	}
	if d.Workers != nil {
		result.Workers = d.Workers.Settings
	}
	for _, p := range d.RPO {
		result.RPO = append(result.RPO, Loss{p.Class, p.Verdict, p.Judged, p.ObservedSeconds, p.ProjectedSeconds, p.Lost})
	}
	for _, step := range d.Steps {
		if !slices.Contains(result.Scripts, step.Script) {
			result.Scripts = append(result.Scripts, step.Script)
		}
	}
	return result
}

// Of are the repetitions of one drill that came to run.
func (s Summary) Of(drill string) []Result {
	var list []Result
	for _, r := range s.Results {
		if r.Drill == drill && !r.Unrun {
			list = append(list, r)
		}
	}
	return list
}

// Drills are the names of the drills that came to run, each once, in the run's order.
func (s Summary) Drills() []string {
	var names []string
	for _, r := range s.Results {
		if !r.Unrun && !slices.Contains(names, r.Drill) {
			names = append(names, r.Drill)
		}
	}
	return names
}

// accepted says whether all that the repetitions missed is accepted.
func accepted(list []Result) bool {
	return worst(list) == reports.Missed && !slices.ContainsFunc(list, func(r Result) bool { return r.Verdict != reports.Met && !r.Accepted })
}

// worst is the worst verdict of the repetitions.
func worst(list []Result) string {
	verdict := reports.Met
	for _, r := range list {
		verdict = reports.Worse(verdict, r.Verdict)
	}
	return verdict
}
