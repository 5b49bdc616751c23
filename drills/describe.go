package drills

import (
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// describe turns what was noted into the record: all but the judgements.
func (r *rehearsal) describe() reports.Drill {
	d := r.drill
	out := reports.Drill{
		Name: d.Name, Scenario: d.Scenario, Title: d.Title, Fault: d.Fault.Describe(), Recovery: d.Recovery,
		Proves: d.Proves, Limits: d.Limits, Repetition: r.setting.Repetition, BeganAt: r.clock.Wall(0).UTC(), Hit: r.hit,
		Proofs: r.proofs, Versions: r.versions, Probe: r.describeProbe(), Activity: r.activity(),
		Timeline: []reports.Event{}, Steps: []reports.Step{},
	}
	for _, c := range d.Changes {
		out.Changes = append(out.Changes, reports.Change(c))
	}
	for _, m := range r.timeline.Marks() {
		out.Timeline = append(out.Timeline, reports.Event{Event: string(m.Event), AtSeconds: m.At.Seconds()})
	}
	for _, t := range r.recovered {
		for _, s := range t.Steps {
			out.Steps = append(out.Steps, reports.Step{
				Script: s.Script, Name: s.Name, AtSeconds: s.From.Seconds(), Seconds: (s.To - s.From).Seconds(),
				DeadlineSeconds: s.Deadline.Seconds(), ExitCode: s.ExitCode, TimedOut: s.TimedOut, Output: s.Output,
			})
		}
	}
	for _, b := range r.backups {
		out.Backups = append(out.Backups, reports.Backup{
			Script: b.script, AtSeconds: b.from.Seconds(), LagSeconds: b.lag().Seconds(), ExitCode: b.exitCode,
		})
	}
	if r.workers != nil {
		out.Workers = describeWorkers(*r.workers)
	}
	for _, a := range r.archived {
		out.Archive = append(out.Archive, reports.Archive{Store: a.Store, Table: a.Table, Class: string(a.Class), Rows: a.Rows, Digest: a.Sum})
	}
	for _, s := range r.settings {
		out.Settings = append(out.Settings, reports.Setting(s))
	}
	return out
}

func describeWorkers(w fixtures.WorkerSettings) *reports.Workers {
	return &reports.Workers{
		Settings: w.Choice, LockSeconds: float64(w.LockDuration) / 1000, StalledCheckSeconds: float64(w.StalledInterval) / 1000,
		MaxStalledCount: w.MaxStalledCount, Concurrency: w.Concurrency,
	}
}

func (r *rehearsal) describeProbe() reports.Probe {
	p := reports.Probe{Name: r.drill.Probe.Describe(), IntervalSeconds: recovery.ProbeInterval.Seconds()}
	for _, o := range r.watch.Observations() {
		p.Count++
		p.SlowestSeconds = max(p.SlowestSeconds, (o.Answered - o.Asked).Seconds())
		if o.Err != nil {
			p.Failed++
			if p.FirstError == "" {
				p.FirstError = o.Err.Error()
			}
		}
	}
	return p
}

// activity is what the workload saw in each second, by when the answers came.
func (r *rehearsal) activity() []reports.Second {
	var out []reports.Second
	for _, class := range recovery.Classes() {
		r.ledger.Each(class, func(_ int, e recovery.Entry) bool {
			at := int(max(e.Settled, e.Issued).Seconds())
			for len(out) <= at {
				out = append(out, reports.Second{AtSecond: len(out)})
			}
			switch e.Outcome {
			case recovery.Acknowledged:
				out[at].Acknowledged++
			case recovery.Refused:
				out[at].Refused++
			case recovery.Unknown:
				out[at].Unknown++
			}
			return true
		})
	}
	return out
}
