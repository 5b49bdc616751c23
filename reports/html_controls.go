package reports

import (
	"fmt"

	"github.com/cogitator-ai/drdrill/reports/controls"
)

// controlView is a control with how the page shows it.
type controlView struct {
	controls.Control
	Anchor  string // of its section
	Summary string
	Claims  []claimView
}

// claimView is a claim with where the page shows its drills.
type claimView struct {
	controls.Claim
	Drills []behind
}

// behind is a drill behind a claim: its worst repetition, where it ran.
type behind struct {
	controls.Drill
	ID    string // of the drill on the page; empty when it did not run
	Words string // its verdict, and by whom it is accepted
}

// assessControls holds the controls against the record's drills and its governance.
func assessControls(r Record) []controls.Control {
	run := controls.Run{Stated: func(field string) bool { return states(r.Governance, field) }}
	for _, d := range r.Drills {
		run.Drills = append(run.Drills, controls.Drill{Name: d.Name, Verdict: d.Verdict})
	}
	return controls.Assess(run)
}

func controlViews(r Record, drills []drillView) []controlView {
	worst := map[string]drillView{}
	for _, d := range drills {
		if before, ran := worst[d.Name]; !ran || rank(d.Verdict) > rank(before.Verdict) || before.AcceptedBy != "" && d.Verdict == Missed && d.AcceptedBy == "" {
			worst[d.Name] = d
		}
	}
	var views []controlView
	for i, c := range assessControls(r) {
		v := controlView{Control: c, Anchor: fmt.Sprintf("control-%d", i+1), Summary: controlSummary(c)}
		for _, claim := range c.Claims {
			cv := claimView{Claim: claim}
			for _, d := range claim.Drills {
				cv.Drills = append(cv.Drills, behindOf(d, worst[d.Name]))
			}
			v.Claims = append(v.Claims, cv)
		}
		views = append(views, v)
	}
	return views
}

// behindOf is a drill behind a claim, with its worst repetition.
func behindOf(d controls.Drill, worst drillView) behind {
	switch {
	case d.Verdict == controls.NotRun:
		return behind{d, "", controls.NotRun}
	case worst.AcceptedBy != "":
		return behind{d, worst.ID, worst.Outcome}
	default:
		return behind{d, worst.ID, verdictWords(d.Verdict)}
	}
}

// controlSummary counts the drills behind a control by verdict, each once.
func controlSummary(c controls.Control) string {
	verdicts := map[string]string{}
	for _, claim := range c.Claims {
		for _, d := range claim.Drills {
			verdicts[d.Name] = d.Verdict
		}
	}
	var t tally
	ran := 0
	for _, verdict := range verdicts {
		if verdict != controls.NotRun {
			t.add(verdict)
			ran++
		}
	}
	words := fmt.Sprintf("%d of %s ran", ran, plural(len(verdicts), "drill"))
	if ran > 0 {
		words += ": " + t.String()
	}
	return words
}

// controlSign is a status as a sign; the word always stands beside it.
func controlSign(s controls.Status) string {
	switch s {
	case controls.Evidenced:
		return "✓"
	case controls.Partly:
		return "◐"
	case controls.Missed:
		return "✕"
	default:
		return "–"
	}
}
