package reports

import (
	"fmt"
	"math"
)

// margin is how much of a target a drill used up: less than one is room left.
type margin struct {
	Drill int     // its place in the record
	Of    string  // what the target is for: recovery time, or a data class
	Used  float64 // the judged figure as a multiple of the target; infinite where nothing was measured or no loss is allowed
	Words string  // the figure and its target
}

// worstMargins are the recovery time and the loss that came nearest to their targets, or went furthest
// beyond them. False where no drill has such a target.
func worstMargins(r Record) (rto, rpo margin, hasRTO, hasRPO bool) {
	for i, d := range r.Drills {
		if d.RTO.Targeted() {
			if m := rtoMargin(i, d.RTO); !hasRTO || m.Used > rto.Used {
				rto, hasRTO = m, true
			}
		}
		if p, ok := worstRPO(d); ok {
			if m := rpoMargin(i, p); !hasRPO || m.Used > rpo.Used {
				rpo, hasRPO = m, true
			}
		}
	}
	return rto, rpo, hasRTO, hasRPO
}

// rtoMargin counts the whole uncertainty, as the verdict does.
func rtoMargin(drill int, t RTO) margin {
	used := math.Inf(1)
	if t.JudgedSeconds != nil {
		used = (*t.JudgedSeconds + t.UncertaintySeconds) / t.TargetSeconds
	}
	return margin{drill, "recovery time", used, rtoWords(t) + " of " + rtoTarget(t)}
}

func rpoMargin(drill int, p RPO) margin {
	return margin{drill, oneLine(p.Class), excess(p), rpoWords(p) + " of " + duration(p.TargetSeconds)}
}

// Share is the used part in words.
func (m margin) Share() string {
	switch {
	case math.IsInf(m.Used, 0) || math.IsNaN(m.Used): // of a target of nothing, or of what was not measured
		return "over the target"
	case m.Used == 0:
		return "nothing used"
	case m.Used < 0.01:
		return "less than 1 % used"
	case m.Used <= 1:
		return fmt.Sprintf("%.0f %% used", math.Floor(m.Used*100)) // never 100 % of a target that was met
	case m.Used < 1.05:
		return "just over the target"
	default:
		return fmt.Sprintf("%s times the target", decimals(m.Used, 1))
	}
}
