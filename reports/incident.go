package reports

import (
	"fmt"
	"io"
	"slices"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// incidents are the incident reports of a run, one a drill and repetition.
func incidents(r Record) []output {
	var list []output
	taken := map[string]bool{}
	for i, d := range r.Drills {
		name := "incident-" + slug(d.Name)
		if d.Repetition > 1 {
			name = fmt.Sprintf("%s-%d", name, d.Repetition)
		}
		if slug(d.Name) == "" || taken[name] {
			name = fmt.Sprintf("%s-drill-%d", name, i+1)
		}
		taken[name] = true
		list = append(list, output{name + ".md", func(w io.Writer, r Record) error { return Incident(w, r, i) }})
	}
	return list
}

// Incident writes the nth drill of the record as an incident report, in the template that the
// playbook has for what comes after an incident. What the record cannot know stands as not recorded,
// with who has to add it; a drill invents no people and no business.
func Incident(w io.Writer, r Record, n int) error {
	if n < 0 || n >= len(r.Drills) {
		return fmt.Errorf("write incident report: the record has no drill %d", n+1)
	}
	doc := incident{run: r.Run, Drill: r.Drills[n], risks: r.risksOf(r.Drills[n]), numbered: repeated(r)}
	doc.from = originsOf(r.Run, doc.Drill)
	if r.Governance != nil {
		doc.plan = *r.Governance
	}
	doc.injected, doc.began = eventAt(doc.Drill, eventInjected)
	doc.head()
	doc.summary()
	doc.timeline()
	doc.cause()
	doc.impact()
	doc.actions()
	doc.prevention()
	doc.items()
	if _, err := io.WriteString(w, doc.String()); err != nil {
		return fmt.Errorf("write incident report: %w", err)
	}
	return nil
}

// incident is an incident report in the making.
type incident struct {
	markdown
	Drill
	run      Run
	risks    []Risk
	plan     governance.Plan // empty where the run had none
	numbered bool
	injected float64 // when the incident began, in seconds since the drill did
	began    bool    // whether it did
}

func (m *incident) head() {
	m.line("# Incident Report: %s\n", inline(m.Title))
	m.line("**Date:** %s  ", m.date())
	m.line("**Duration:** %s  ", m.duration())
	m.line("**Severity:** %s  ", m.missing(platformLead))
	m.line("**Participants:** %s", m.people())
	m.line("\nThis was a drill, not an outage of production: %s of run %s, on %s. It %s.\n",
		inline(heading(m.Drill, m.numbered)), inline(m.run.ID), inline(hostWords(m.run.Host)), m.outcome())
}

// outcome says how the drill ended, and by whom that is accepted.
func (m *incident) outcome() string {
	words := wasVerdict(m.Verdict)
	if accepted := acceptedWords(m.Drill); accepted != "" {
		words += ", which is " + inline(accepted)
	}
	return words
}

// wasVerdict says how a drill ended.
func wasVerdict(verdict string) string {
	switch verdict {
	case Met:
		return "met its targets"
	case Missed:
		return "missed its targets"
	default:
		return "did not prove that its targets are met"
	}
}

func (m *incident) summary() {
	m.line("## Summary\n")
	m.line("%s: %s.", inline(m.Scenario), inline(trimDot(m.Fault)))
	if m.Hit != "" {
		m.line("It hit %s.", inline(trimDot(m.Hit)))
	}
	m.line("Rehearsed was: %s.", inline(trimDot(m.Recovery)))
	if m.RTO.Targeted() {
		m.line("The recovery time is %s, the target %s. Of the data classes, %s came off worst. Lost writes: %s.",
			rtoWords(m.RTO), inline(m.from.rtoTarget(m.RTO)), inline(m.worst()), lostWords(m.Drill))
	} else {
		m.line("The playbook states no recovery time for this. Of the data classes, %s came off worst. Lost writes: %s.", inline(m.worst()), lostWords(m.Drill))
	}
	if targets := m.from.String(); targets != "" {
		m.line("Targets from: %s.", inline(targets))
	}
	if m.Limits != "" {
		m.line("Not shown by this drill: %s.", inline(trimDot(m.Limits)))
	}
	if m.Verdict != Met {
		m.line("\nWhy it %s:\n", wasVerdict(m.Verdict))
		for _, reason := range reasonsOf(m.Drill) {
			m.line("- %s", inline(reason))
		}
	}
	m.line("")
}

// worst is the class that came off worst, as part of a sentence.
func (m *incident) worst() string {
	p, ok := worstRPO(m.Drill)
	if !ok {
		return "none was measured, so none"
	}
	return fmt.Sprintf("%s (%s, target %s)", oneLine(p.Class), rpoWords(p), m.from.rpoTarget(p))
}

func (m *incident) cause() {
	m.line("## Root Cause\n")
	if !m.began {
		m.line("The drill ended before its fault, which would have been: %s.\n", inline(trimDot(m.Fault)))
		return
	}
	m.line("The drill caused it on purpose: %s.", inline(trimDot(m.Fault)))
	if m.Hit != "" {
		m.line("What it hit: %s.", inline(trimDot(m.Hit)))
	}
	if m.Probe.FirstError != "" {
		m.line("A client saw it first as: %s.", inline(trimDot(m.Probe.FirstError)))
	}
	m.line("")
}

func (m *incident) impact() {
	m.line("## Impact\n")
	for _, p := range m.RPO {
		m.line("- **%s:** %s acknowledged writes, of which %s lost; %s refused, %s of unknown outcome; loss window %s, target %s",
			inline(p.Class), count(p.Acknowledged), foundWords(p, p.Lost), count(p.Refused), count(p.Unknown), inline(rpoWords(p)), inline(m.from.rpoTarget(p)))
	}
	if len(m.RPO) == 0 {
		m.line("- Data: %s; the record names no data class for this drill", notMeasured)
	}
	m.line("- Users affected: %s. A drill has a workload and no users", m.missing(serviceOwner))
	m.line("- Business impact: %s", m.missing(serviceOwner))
	m.line("- Downtime: %s\n", m.downtime())
}

// downtime is the time without service, as it was measured.
func (m *incident) downtime() string {
	restored, ok := eventAt(m.Drill, eventRestored)
	switch {
	case m.RTO.MeasuredSeconds != nil:
		return plusMinus(m.RTO.MeasuredSeconds, m.RTO.UncertaintySeconds, notRestored)
	case !m.began:
		return "none; the drill ended before its fault"
	case !m.RTO.Targeted():
		return notMeasured + "; the playbook states no recovery time for this"
	case ok:
		return notMeasured + "; the service answered again after " + duration(restored-m.injected)
	default:
		return "the service was not restored while the drill lasted"
	}
}

func (m *incident) prevention() {
	m.line("## Prevention\n")
	for _, risk := range m.risks {
		m.line("- Accepted risk, %s: %s", inline(risk.subject()), inline(risk.inFull()))
	}
	m.line("- Changes that prevent it in production: %s\n", m.missing(runbookOwner))
}

// items are what is to be done: why the drill is not met, what follows from the record, and what the
// template asks for after every incident.
func (m *incident) items() {
	m.line("## Action Items\n")
	m.line("Owners and due dates: %s.\n", m.owners())
	if m.Verdict != Met {
		fix := "Implement a fix"
		if accepted := acceptedWords(m.Drill); accepted != "" {
			fix += ", or let it be " + inline(accepted)
		}
		for _, reason := range reasonsOf(m.Drill) {
			m.line("- [ ] %s: %s", fix, inline(reason))
		}
	}
	todo := advice(m.Drill)
	for _, words := range todo {
		m.line("- [ ] %s", inline(words))
	}
	if m.Verdict == Met && len(todo) == 0 {
		m.line("- No fix is called for by this drill: it met its targets")
	}
	m.line("- [ ] Add monitoring for early detection: this drill fired no alert")
	if s, ok := longestStep(m.Drill); ok {
		m.line("- [ ] Update runbooks%s: the longest step was “%s” of %s, %s", m.runbook(), inline(s.Name), inline(s.Script), duration(s.Seconds))
	} else {
		m.line("- [ ] Update runbooks%s: no recovery step ran", m.runbook())
	}
}

// failedSteps are the recovery's steps that did not do what they were there for.
func (m *incident) failedSteps() []Step {
	return slices.DeleteFunc(recoverySteps(m.Drill), func(s Step) bool { return !failed(s) })
}
