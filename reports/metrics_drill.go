package reports

import (
	"slices"
	"strconv"
	"strings"
)

// drillMetrics are the families to which every drill adds its samples.
type drillMetrics struct {
	verdict, accepted              *family
	rtoVerdict, target, measured   *family
	uncertainty, declared, judged  *family
	phase, proofs, probes          *family
	rpoVerdict, rpoTarget          *family
	observed, projected, ownWindow *family
	writes                         *family
}

func newDrillMetrics() drillMetrics {
	return drillMetrics{
		verdict:     newFamily("drdrill_drill_verdict", "", "The drill’s verdict: 1 for the verdict that it has, 0 for the others."),
		accepted:    newFamily("drdrill_drill_accepted", "", "1 when the drill is missed, and all that it missed is within accepted risks."),
		rtoVerdict:  newFamily("drdrill_rto_verdict", "", "The verdict on the recovery time: 1 for the verdict that it has, 0 for the others."),
		target:      newFamily("drdrill_rto_target_seconds", "seconds", "The target for the recovery time."),
		measured:    newFamily("drdrill_rto_measured_seconds", "seconds", "From the fault to the restored service, measured. Absent when it was not restored."),
		uncertainty: newFamily("drdrill_rto_uncertainty_seconds", "seconds", "How far the measured recovery time can be off, either way."),
		declared:    newFamily("drdrill_rto_declared_seconds", "seconds", "Declared for detection and response, which a drill cannot measure."),
		judged:      newFamily("drdrill_rto_judged_seconds", "seconds", "Measured and declared: what is held against the target."),
		phase:       newFamily("drdrill_rto_phase_seconds", "seconds", "The measured recovery time by phase, in their order."),
		rpoVerdict:  newFamily("drdrill_rpo_verdict", "", "The verdict on a data class’s loss: 1 for the verdict that it has, 0 for the others."),
		rpoTarget:   newFamily("drdrill_rpo_target_seconds", "seconds", "The target for the loss window of a data class."),
		observed:    newFamily("drdrill_rpo_observed_seconds", "seconds", "The loss window that this drill saw. Absent when it was not measured."),
		projected:   newFamily("drdrill_rpo_projected_seconds", "seconds", "The loss window that the backup schedule allows. Absent where no periodic backup protects the class."),
		ownWindow:   newFamily("drdrill_rpo_store_seconds", "seconds", "The loss window by the store’s own position. Absent where the store tells none."),
		writes:      newFamily("drdrill_writes", "", "The workload’s writes by outcome. What only reading the stores back can tell is absent when they were not read."),
		proofs:      newFamily("drdrill_proofs", "", "The drill’s own checks, by verdict."),
		probes:      newFamily("drdrill_probes", "", "How often the service was asked whether it works, by outcome."),
	}
}

// all are the families in the order of the file.
func (m drillMetrics) all() []*family {
	return []*family{
		m.verdict, m.accepted, m.rtoVerdict, m.target, m.measured, m.uncertainty, m.declared, m.judged, m.phase,
		m.rpoVerdict, m.rpoTarget, m.observed, m.projected, m.ownWindow, m.writes, m.proofs, m.probes,
	}
}

// drillFamilies are the metrics of the drills.
func drillFamilies(r Record) []*family {
	m := newDrillMetrics()
	for _, d := range r.Drills {
		labels := []string{"drill", oneLine(d.Name), "scenario", oneLine(d.Scenario), "repetition", strconv.Itoa(d.Repetition)}
		m.verdict.addVerdict(d.Verdict, labels...)
		m.accepted.add(oneIf(d.Accepted() != nil), labels...)
		m.rto(d.RTO, labels)
		for _, p := range d.RPO {
			m.rpo(p, with(labels, "class", oneLine(p.Class)))
		}
		m.checks(d, labels)
	}
	return m.all()
}

// with is the labels and more of them, apart from the slice that was given.
func with(labels []string, more ...string) []string { return append(slices.Clone(labels), more...) }

// rto writes the recovery time. A drill that is held to none has no figures for it.
func (m drillMetrics) rto(t RTO, labels []string) {
	if !t.Targeted() {
		return
	}
	m.rtoVerdict.addVerdict(t.Verdict, labels...)
	m.target.add(t.TargetSeconds, labels...)
	m.declared.add(t.DeclaredSeconds, labels...)
	m.measured.addMeasured(t.MeasuredSeconds, labels...)
	m.judged.addMeasured(t.JudgedSeconds, labels...)
	if t.MeasuredSeconds != nil {
		m.uncertainty.add(t.UncertaintySeconds, labels...)
	}
	for i, p := range t.Phases {
		m.phase.add(p.Seconds, with(labels, "phase", oneLine(p.Name), "position", strconv.Itoa(i+1))...)
	}
}

func (m drillMetrics) rpo(p RPO, labels []string) {
	m.rpoVerdict.addVerdict(p.Verdict, labels...)
	m.rpoTarget.add(p.TargetSeconds, labels...)
	m.observed.addMeasured(p.ObservedSeconds, labels...)
	m.projected.addMeasured(p.ProjectedSeconds, labels...)
	m.ownWindow.addMeasured(p.StoreSeconds, labels...)
	for _, w := range outcomes {
		n := w.of(p)
		if w.read && n == 0 && p.ObservedSeconds == nil {
			continue
		}
		m.writes.add(float64(n), with(labels, "outcome", strings.ToLower(w.name))...)
	}
}

// checks writes how many of the drill’s checks and probes ended how.
func (m drillMetrics) checks(d Drill, labels []string) {
	counts := map[int]int{}
	for _, p := range d.Proofs {
		counts[rank(p.Verdict)]++
	}
	for _, name := range verdictNames {
		m.proofs.add(float64(counts[rank(name)]), with(labels, "verdict", name)...)
	}
	if d.Probe.Count > 0 {
		m.probes.add(float64(d.Probe.Count-d.Probe.Failed), with(labels, "outcome", "answered")...)
		m.probes.add(float64(d.Probe.Failed), with(labels, "outcome", "failed")...)
	}
}
