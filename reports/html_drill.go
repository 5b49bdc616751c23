package reports

import (
	"fmt"
	"html/template"
	"slices"
)

// drillView is a drill with what the template needs beside it.
type drillView struct {
	Drill
	ID      string // of its contents
	Heading string
	// Causes are why the drill is not met; none when it is.
	Causes []string
	// Outcome is the verdict in words, and by whom it is accepted; AcceptedBy is that alone, empty where nobody does.
	Outcome, AcceptedBy string
	// Risks are the accepted risks of the drill.
	Risks   []riskView
	Writes  []writesRow
	Proven  int // proofs that are met
	Longest string
	// Pictures, each for a wide and a narrow page.
	TimelinePictures, ActivityPictures, RTOPictures, TrendPictures []template.HTML

	PhasesPicture template.HTML
	// From is who states the targets of the run's drills.
	From origins
	// Since are the events with how long after the fault they were.
	Since []sinceEvent
}

// sinceEvent is an event of the timeline, told from the fault.
type sinceEvent struct {
	Event, Since, At string
}

func drillViews(r Record) []drillView {
	numbered, from := repeated(r), originsOf(r.Run, r.Drills...)
	views := make([]drillView, 0, len(r.Drills))
	for i, d := range r.Drills {
		v := drillView{
			Drill:   d,
			ID:      fmt.Sprintf("drill-%d-%s", i+1, slug(d.Name)),
			Heading: heading(d, numbered),
			Writes:  writesRows(d.RPO),
			Proven:  len(slices.DeleteFunc(slices.Clone(d.Proofs), func(p Proof) bool { return p.Verdict != Met })),
			Since:   sinceEvents(d),
			From:    from,
			Outcome: verdictOf(d), AcceptedBy: acceptedWords(d), Risks: riskViews(r.risksOf(d)),
		}
		if d.Verdict != Met {
			v.Causes = reasonsOf(d)
		}
		if s, ok := longestStep(d); ok {
			v.Longest = fmt.Sprintf("%s (%s), %s", oneLine(s.Name), oneLine(s.Script), duration(s.Seconds))
		}
		v.draw()
		views = append(views, v)
	}
	return views
}

// riskView is an accepted risk in words.
type riskView struct{ Of, Words string }

func riskViews(risks []Risk) []riskView {
	var views []riskView
	for _, risk := range risks {
		views = append(views, riskView{risk.subject(), risk.inFull()})
	}
	return views
}

// draw makes the drill's pictures. What has nothing to show gets none.
func (v *drillView) draw() {
	for _, size := range sizes {
		if len(v.Timeline) > 0 {
			v.TimelinePictures = append(v.TimelinePictures, timelinePicture(v.Drill, size.width, size.class))
		}
		if len(v.Activity) > 0 {
			v.ActivityPictures = append(v.ActivityPictures, activityPicture(v.Drill, size.width, size.class))
		}
		if v.RTO.Targeted() {
			v.RTOPictures = append(v.RTOPictures, rtoPicture(v.RTO, size.width, size.class))
		}
		if len(v.Trend) > 0 && v.RTO.Targeted() {
			v.TrendPictures = append(v.TrendPictures, trendPicture(v.Drill, size.width, size.class))
		}
	}
	if len(v.RTO.Phases) > 0 {
		v.PhasesPicture = phasesPicture(v.RTO.Phases)
	}
}

func sinceEvents(d Drill) []sinceEvent {
	injected, known := eventAt(d, eventInjected)
	var events []sinceEvent
	for _, e := range d.Timeline {
		since := "no fault"
		if known {
			since = offset(roundedTo(e.AtSeconds-injected, 1e-9))
		}
		events = append(events, sinceEvent{oneLine(e.Event), since, duration(e.AtSeconds)})
	}
	return events
}
