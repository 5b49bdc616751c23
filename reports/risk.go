package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// What can become of an accepted risk in a run in which its drill ran.
const (
	RiskAccepted  = "accepted"   // missed as stated
	RiskExpired   = "expired"    // missed as stated, and accepted no more
	RiskClosed    = "closed"     // missed no more
	RiskNotProven = "not-proven" // nobody knows
)

// Risk is an accepted risk and what became of it.
type Risk struct {
	governance.Risk
	State string `json:"state"`
}

// Acceptance is how long and by whom a miss is accepted.
type Acceptance struct {
	Until governance.Date `json:"until"` // the last day
	By    string          `json:"by"`
}

// Accept holds what the drills missed against the risks that the governance accepts, on the day on which the run
// began. A miss stays one; what is accepted of it is noted with its findings, and what became of the risks in the record.
func (r *Record) Accept() {
	if r.Governance == nil {
		return
	}
	for _, stated := range r.Governance.Risks {
		drills := r.drillsOf(stated)
		if len(drills) == 0 {
			continue
		}
		risk := Risk{stated, stateOf(stated, drills)}
		if risk.State != RiskClosed && r.Run.StartedAt.Before(stated.Expires.Time().AddDate(0, 0, 1)) {
			accept(stated, drills)
		} else if risk.State == RiskAccepted {
			risk.State = RiskExpired
		}
		r.Risks = append(r.Risks, risk)
	}
}

// drillsOf are the repetitions of the risk's drill.
func (r *Record) drillsOf(risk governance.Risk) (drills []*Drill) {
	for i := range r.Drills {
		if d := &r.Drills[i]; d.Name == string(risk.Drill) {
			drills = append(drills, d)
		}
	}
	return drills
}

// stateOf is what became of a risk, whatever its expiry. One repetition that misses is enough for it to be there; it
// is closed when every repetition has shown that it is not.
func stateOf(risk governance.Risk, drills []*Drill) string {
	state := RiskClosed
	for _, d := range drills {
		switch {
		case slices.ContainsFunc(d.Findings, func(f Finding) bool { return covers(risk, f) }):
			return RiskAccepted
		case d.Verdict != Met && d.Verdict != Missed:
			state = RiskNotProven
		}
	}
	return state
}

// covers says whether a finding is a miss that the risk is of. What is not proven is covered by none.
func covers(risk governance.Risk, f Finding) bool {
	return f.Verdict == Missed && (risk.Of() == "" || risk.Of() == f.Of)
}

// accept notes with the findings that the risk is of how long they are accepted. Of several risks the longest counts.
func accept(risk governance.Risk, drills []*Drill) {
	for _, d := range drills {
		for i := range d.Findings {
			f := &d.Findings[i]
			if covers(risk, *f) && (f.Accepted == nil || f.Accepted.Until.Time().Before(risk.Expires.Time())) {
				f.Accepted = &Acceptance{risk.Expires, risk.AcceptedBy}
			}
		}
	}
}

// Accepted is how long and by whom the drill is accepted as it is: as long as all that it missed is; nil where it
// missed nothing, or something that is not accepted.
func (d Drill) Accepted() *Acceptance {
	if d.Verdict != Missed {
		return nil
	}
	var all *Acceptance
	var by []string
	for _, f := range d.Findings {
		a := f.Accepted
		if a == nil {
			return nil
		}
		if all == nil || a.Until.Time().Before(all.Until.Time()) {
			all = &Acceptance{Until: a.Until}
		}
		if !slices.Contains(by, a.By) {
			by = append(by, a.By)
		}
	}
	if all != nil {
		all.By = strings.Join(by, " and ")
	}
	return all
}

// Outcome is the verdict that a pipeline acts on. It is the run's, except where all that was missed is accepted, which
// is as good as met for it, and where an accepted risk has to be struck out or renewed, which is as good as missed.
func (r Record) Outcome() string {
	verdict := r.Verdict()
	switch {
	case verdict != Met && verdict != Missed:
		return NotProven
	case len(r.RiskProblems()) > 0:
		return Missed
	case r.WithinRisks():
		return Met
	default:
		return verdict
	}
}

// WithinRisks says that the run is missed, and that all that was missed is accepted as it was stated.
func (r Record) WithinRisks() bool {
	return r.Verdict() == Missed && len(r.RiskProblems()) == 0 &&
		!slices.ContainsFunc(r.Drills, func(d Drill) bool { return d.Verdict != Met && d.Accepted() == nil })
}

// RiskProblems say what is wrong with the accepted risks: that they expired or closed, or that a drill misses more.
func (r Record) RiskProblems() []string {
	var problems []string
	for _, risk := range r.Risks {
		switch risk.State {
		case RiskExpired:
			problems = append(problems, fmt.Sprintf("%s is still missed, and was accepted until %s: meet the target, or have the risk accepted anew.", risk.name(), risk.Expires))
		case RiskClosed:
			problems = append(problems, risk.name()+" is missed no more: strike the accepted risk out.")
		}
	}
	return append(problems, r.wider()...)
}

// wider says which drills missed more than is accepted of them. A risk that expired has been told of already.
func (r Record) wider() []string {
	var problems []string
	for _, d := range r.Drills {
		known := func(f Finding) bool {
			return f.Verdict != Missed || f.Accepted != nil || slices.ContainsFunc(r.Risks, func(risk Risk) bool {
				return risk.State == RiskExpired && string(risk.Drill) == d.Name && covers(risk.Risk, f)
			})
		}
		var more []string
		for _, f := range d.Findings {
			if of := cmp.Or(oneLine(f.Of), oneLine(f.Reason)); !known(f) && !slices.Contains(more, of) {
				more = append(more, of)
			}
		}
		if len(more) > 0 && len(r.risksOf(d)) > 0 {
			problems = append(problems, fmt.Sprintf("%s misses more than is accepted: %s.", heading(d, repeated(r)), strings.Join(more, ", ")))
		}
	}
	return problems
}

// risksOf are the accepted risks of a drill.
func (r Record) risksOf(d Drill) []Risk {
	var risks []Risk
	for _, risk := range r.Risks {
		if string(risk.Drill) == d.Name {
			risks = append(risks, risk)
		}
	}
	return risks
}
