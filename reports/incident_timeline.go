package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// happening is one line of an incident's timeline.
type happening struct {
	at    float64 // seconds since the drill began
	words string
}

// eventTitles are the events in the words of the template. Others keep their own.
var eventTitles = map[string]string{
	"began":             "Drill began",
	"steady state":      "Steady state seen",
	eventInjected:       "Fault injected",
	eventImpact:         "First client saw it",
	"detected":          "Issue detected",
	"recovery started":  "Recovery started",
	"recovery finished": "Recovery scripts finished",
	eventRestored:       "Service restored",
	eventVerified:       "Data verified",
}

func (m *incident) timeline() {
	m.line("## Timeline\n")
	if m.BeganAt.IsZero() {
		m.line("The record holds no wall clock of this drill: times in UTC are %s. Figures in brackets count from the fault.\n", notRecorded)
	} else {
		m.line("Times are UTC. Figures in brackets count from the fault.\n")
	}
	for _, h := range m.happenings() {
		m.line("- %s - %s", m.when(h.at), h.words)
	}
	if len(m.Timeline) == 0 {
		m.line("- No event was recorded")
	}
	m.line("- Team alerted: %s%s", m.missing(onCall), m.declared())
	m.line("- To be alerted: %s", m.contacts())
	m.line("- Root cause identified: not measured, since the drill caused it and knew it from the start\n")
}

// declared says what stands for alert and response in the verdict.
func (m *incident) declared() string {
	if m.RTO.DeclaredSeconds <= 0 {
		return ". The drill alerted nobody, and nothing was declared for it: the responder sat at the keyboard"
	}
	return fmt.Sprintf(". The drill alerted nobody; %s was declared for detection and response, and is judged with the measured time", duration(m.RTO.DeclaredSeconds))
}

// happenings are the events, and the recovery's steps between them, in the order in which they were.
func (m *incident) happenings() []happening {
	var list []happening
	for _, e := range m.Timeline {
		words, known := eventTitles[e.Event]
		if !known {
			words = capital(inline(e.Event))
		}
		list = append(list, happening{e.AtSeconds, words})
	}
	for _, s := range recoverySteps(m.Drill) {
		list = append(list, happening{s.AtSeconds, fmt.Sprintf("Step “%s” of %s began", inline(s.Name), inline(s.Script))})
	}
	slices.SortStableFunc(list, func(a, b happening) int { return cmp.Compare(a.at, b.at) })
	return list
}

// when words an instant: by the clock where the record has one, and counted from the fault.
func (m *incident) when(at float64) string {
	since := "no fault"
	if m.began {
		since = offset(roundedTo(at-m.injected, 1e-9))
	}
	if m.BeganAt.IsZero() {
		return "(" + since + ")"
	}
	return fmt.Sprintf("%s (%s)", m.clock(at), since)
}

// clock is an instant by the clock; with its day where that is not the day of the drill's beginning.
func (m *incident) clock(at float64) string {
	const day = time.DateOnly
	t := wall(m.BeganAt, at)
	if t.Format(day) != m.BeganAt.UTC().Format(day) {
		return t.Format(day + " 15:04:05.000")
	}
	return t.Format("15:04:05.000")
}

// wall is the instant of some seconds after the beginning, in UTC.
func wall(began time.Time, seconds float64) time.Time {
	return began.UTC().Add(time.Duration(seconds * float64(time.Second)))
}

// date is the day of the incident. A record without the drill's clock has that of the run.
func (m *incident) date() string {
	switch {
	case !m.BeganAt.IsZero():
		return wall(m.BeganAt, m.injected).Format(time.DateOnly)
	case !m.run.StartedAt.IsZero():
		return m.run.StartedAt.UTC().Format(time.DateOnly) + " (of the run)"
	default:
		return notRecorded
	}
}

// duration is when the outage began and ended, and how long it was.
func (m *incident) duration() string {
	restored, ended := eventAt(m.Drill, eventRestored)
	if !m.began {
		return "none; the drill ended before its fault"
	}
	from, to := "UTC "+notRecorded, ""
	if !m.BeganAt.IsZero() {
		from, to = m.clock(m.injected), " - "+notRestored
		if ended {
			to = " - " + m.clock(restored)
		}
		to += " UTC"
	}
	return fmt.Sprintf("%s%s (%s)", from, to, m.downtime())
}

// actions are the steps that were done to recover, in a table, and what failed steps printed.
func (m *incident) actions() {
	m.line("## Recovery Actions\n")
	steps := recoverySteps(m.Drill)
	if len(steps) == 0 {
		m.line("No recovery step ran.\n")
		return
	}
	m.header("Step", "Script", "Began>", "Took>", "Exit>")
	for _, s := range steps {
		m.row(s.Name, s.Script, m.when(s.AtSeconds), duration(s.Seconds), exitWords(s))
	}
	m.line("")
	for _, s := range m.failedSteps() {
		if strings.TrimSpace(s.Output) != "" {
			m.output(s)
		}
	}
}

// trimDot is one line without its full stop, so that it can be part of a sentence.
func trimDot(s string) string { return strings.TrimRight(oneLine(s), ". ") }
