package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Metrics writes the record as metrics for the textfile collector of Prometheus’ node exporter.
//
// The collector reads the Prometheus text format, and the file is OpenMetrics as well: it keeps to what
// both say alike. So every family is a gauge, since the types “info” and “stateset” are unknown to the
// text format and a counter’s family is named differently in the two; no sample has a time of its own,
// which the collector refuses; and “# EOF” and “# UNIT”, which OpenMetrics asks for, are comments in the
// text format. What was not measured has no sample: a zero would be a result.
func Metrics(w io.Writer, r Record) error {
	families := append(runFamilies(r), drillFamilies(r)...)
	var b strings.Builder
	for _, f := range families {
		if err := f.write(&b); err != nil {
			return fmt.Errorf("write metrics: %w", err)
		}
	}
	b.WriteString("# EOF\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}

// runFamilies are the metrics of the run as a whole.
func runFamilies(r Record) []*family {
	info := newFamily("drdrill_run_info", "", "The run that this file is of; always 1.")
	info.add(1, "run_id", r.Run.ID, "version", r.Run.Version, "engine", r.Run.Engine.Name,
		"engine_version", r.Run.Engine.Version, "scale", r.Run.Scale)

	verdict := newFamily("drdrill_run_verdict", "", "The run’s verdict, the worst of its drills: 1 for the verdict that it has, 0 for the others.")
	verdict.addVerdict(r.Verdict())

	accepted := newFamily("drdrill_run_accepted", "", "1 when the run is missed, and all that it missed is within accepted risks.")
	accepted.add(oneIf(r.WithinRisks()))

	aborted := newFamily("drdrill_run_aborted", "", "1 when the run ended early and so proves nothing as a whole.")
	aborted.add(oneIf(r.Run.Aborted != ""))

	started := newFamily("drdrill_run_started_timestamp_seconds", "seconds", "When the run began, in seconds since 1970.")
	started.addTime(r.Run.StartedAt)
	finished := newFamily("drdrill_run_finished_timestamp_seconds", "seconds", "When the run ended, in seconds since 1970.")
	finished.addTime(r.Run.FinishedAt)

	drills := newFamily("drdrill_drills", "", "Drills of the run, by verdict. Every repetition counts.")
	t := tallied(r)
	drills.add(float64(t.Met), "verdict", Met)
	drills.add(float64(t.Missed), "verdict", Missed)
	drills.add(float64(t.NotProven), "verdict", NotProven)
	return append([]*family{info, verdict, accepted, aborted, started, finished, drills}, riskFamilies(r)...)
}

// riskStates are what can become of an accepted risk, as labels.
var riskStates = []string{RiskAccepted, RiskExpired, RiskClosed, RiskNotProven}

// riskFamilies are the accepted risks of the drills that ran.
func riskFamilies(r Record) []*family {
	state := newFamily("drdrill_risk_state", "", "What became of an accepted risk: 1 for the state that it is in, 0 for the others.")
	expires := newFamily("drdrill_risk_expires_timestamp_seconds", "seconds", "The end of the last day on which the risk is accepted, in seconds since 1970.")
	for _, risk := range r.Risks {
		labels := []string{"drill", oneLine(string(risk.Drill)), "finding", oneLine(risk.Of())}
		for _, name := range riskStates {
			state.add(oneIf(risk.State == name), with(labels, "state", name)...)
		}
		expires.addTime(risk.Expires.Time().AddDate(0, 0, 1), labels...)
	}
	return []*family{state, expires}
}

// verdictNames are the verdicts as labels.
var verdictNames = []string{Met, Missed, NotProven}

// addVerdict writes a sample for each verdict, so that an alert can wait for one of them. A word that
// is no verdict is not proven.
func (f *family) addVerdict(verdict string, labels ...string) {
	for _, name := range verdictNames {
		f.add(oneIf(rank(name) == rank(verdict)), append(labels[:len(labels):len(labels)], "verdict", name)...)
	}
}

// addTime writes an instant; one that the record lacks has no sample.
func (f *family) addTime(t time.Time, labels ...string) {
	if !t.IsZero() {
		f.add(float64(t.UnixMilli())/1000, labels...)
	}
}

// addMeasured writes a figure where there is one.
func (f *family) addMeasured(v *float64, labels ...string) {
	if v != nil {
		f.add(*v, labels...)
	}
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
