package controls

import (
	"maps"
	"slices"
)

// Run is what the assessment needs to know of a run.
type Run struct {
	// Drills are all drills that ran, each repetition by itself.
	Drills []Drill
	// Stated says whether the governance of the run has a field; nil where there is no governance.
	Stated func(field string) bool
}

// Assess returns every control with what the run evidences of it, in the order of the data.
func Assess(r Run) []Control {
	verdicts := worstOf(r.Drills)
	controls := make([]Control, len(catalogue))
	for i, c := range catalogue {
		c.Claims = assessed(c.Claims, verdicts)
		c.Missing = stated(c.Missing, r.Stated)
		c.Status = ofControl(c.Claims)
		controls[i] = c
	}
	return controls
}

// worstOf is the worst verdict of each drill's repetitions.
func worstOf(drills []Drill) map[string]string {
	verdicts := map[string]string{}
	for _, d := range drills {
		if before, ran := verdicts[d.Name]; !ran || rank(d.Verdict) > rank(before) {
			verdicts[d.Name] = known(d.Verdict)
		}
	}
	return verdicts
}

// known is a verdict of the three; an unknown word is not proven.
func known(verdict string) string {
	if verdict == met || verdict == missed {
		return verdict
	}
	return notProven
}

// rank orders verdicts by what they say against a claim: here a miss is worst, since it is knowledge.
func rank(verdict string) int {
	switch verdict {
	case met:
		return 0
	case missed:
		return 2
	default:
		return 1
	}
}

func assessed(claims []Claim, verdicts map[string]string) []Claim {
	list := make([]Claim, len(claims))
	for i, c := range claims {
		c.Drills = make([]Drill, len(c.Names))
		for j, name := range c.Names {
			verdict, ran := verdicts[name]
			if !ran {
				verdict = NotRun
			}
			c.Drills[j] = Drill{name, verdict}
		}
		c.Status = ofClaim(c.Drills)
		list[i] = c
	}
	return list
}

// ofClaim is the status of a claim by its drills.
func ofClaim(drills []Drill) Status {
	good := 0
	for _, d := range drills {
		switch d.Verdict {
		case missed:
			return Missed
		case met:
			good++
		}
	}
	switch good {
	case 0: // a claim without a drill, too
		return Unevidenced
	case len(drills):
		return Evidenced
	default:
		return Partly
	}
}

// ofControl is the status of a control by its claims.
func ofControl(claims []Claim) Status {
	evidenced, partly := 0, 0
	for _, c := range claims {
		switch c.Status {
		case Missed:
			return Missed
		case Evidenced:
			evidenced++
		case Partly:
			partly++
		}
	}
	switch {
	case evidenced+partly == 0:
		return Unevidenced
	case evidenced == len(claims):
		return Evidenced
	default:
		return Partly
	}
}

func stated(needs []Need, has func(field string) bool) []Need {
	list := make([]Need, len(needs))
	for i, n := range needs {
		n.Stated = n.Field != "" && has != nil && has(n.Field)
		list[i] = n
	}
	return list
}

// Names are the drills that claims name, sorted, each once.
func Names() []string {
	names := map[string]bool{}
	for _, c := range catalogue {
		for _, claim := range c.Claims {
			for _, name := range claim.Names {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
