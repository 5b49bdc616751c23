package history

import "github.com/cogitator-ai/drdrill/reports"

// PhaseChange is a phase of the recovery in two runs. Medians, in seconds; nil where it had none.
type PhaseChange struct {
	Phase         string   `json:"phase"`
	BeforeSeconds *float64 `json:"beforeSeconds"`
	AfterSeconds  *float64 `json:"afterSeconds"`
}

// grown is by how much the phase became longer, in seconds.
func (p PhaseChange) grown() float64 { return orZero(p.AfterSeconds) - orZero(p.BeforeSeconds) }

// phaseChanges are the phases of both, in the order of the first that has them.
func phaseChanges(before, after []Result) []PhaseChange {
	names, a := phases(before)
	more, b := phases(after)
	seen := map[string]bool{}
	var list []PhaseChange
	for _, name := range append(names, more...) {
		if !seen[name] {
			list = append(list, PhaseChange{name, median(a[name]), median(b[name])})
		}
		seen[name] = true
	}
	return list
}

// phases are how long each phase took in each repetition, and their names in order. Phases of one
// name, as of a script that runs twice, count together.
func phases(results []Result) (names []string, took map[string][]float64) {
	took = map[string][]float64{}
	for _, r := range results {
		sums := map[string]float64{}
		for _, p := range r.RTO.Phases {
			if _, known := took[p.Name]; !known {
				names, took[p.Name] = append(names, p.Name), nil
			}
			sums[p.Name] += p.Seconds
		}
		for name, s := range sums {
			took[name] = append(took[name], s)
		}
	}
	return names, took
}

// slowest is the phase that became longer by most; nil when none did.
func slowest(list []PhaseChange) *reports.Slower {
	var most PhaseChange
	for _, p := range list {
		if p.grown() > most.grown() {
			most = p
		}
	}
	if most.grown() <= 0 {
		return nil
	}
	return &reports.Slower{Phase: most.Phase, BaselineSeconds: orZero(most.BeforeSeconds), Seconds: orZero(most.AfterSeconds)}
}

func orZero(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}
