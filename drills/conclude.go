package drills

import (
	"context"
	"errors"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/redact"
	"github.com/cogitator-ai/drdrill/reports"
)

// conclude judges, keeps the evidence, removes the stack and returns the record.
func (r *rehearsal) conclude(ctx context.Context) reports.Drill {
	r.tell(Progress{Kind: PhaseBegan, Phase: PhaseClean})
	r.halt()
	result := r.describe()
	result.RTO = r.judgeRTO()
	rpo, err := r.judgeRPO(ctx)
	r.fail(err)
	result.RPO = rpo
	if !r.intact() {
		// A service that came back damaged was not restored, however soon it answered.
		result.RTO.Verdict = recovery.Met.Worse(r.judgement.Verdict()).String()
	}
	r.judgeWorkload()
	result.Evidence, err = r.keepEvidence(ctx)
	r.fail(err)
	if r.stack != nil {
		if err := r.stack.Close(); err != nil {
			r.judgement.Find(recovery.NotProven, "clean up: %s", err)
		}
	}
	result.Verdict = r.judgement.Verdict().String()
	for _, f := range r.judgement.Findings() {
		result.Find(reports.Finding{Of: f.Of, Verdict: f.Verdict.String(), Reason: f.Reason})
	}
	redact.NewStream(r.secrets()).Strings(&result)
	return result
}

// intact says that nothing was found against the data: everything was read back, it is what was
// written, and the drill's own checks hold.
func (r *rehearsal) intact() bool {
	for _, loss := range r.losses {
		if !loss.Intact() {
			return false
		}
	}
	for _, proof := range r.proofs {
		if proof.Verdict != reports.Met {
			return false
		}
	}
	_, verified := r.timeline.At(recovery.Verified)
	return verified
}

// halt ends what still runs when a drill ended early.
func (r *rehearsal) halt() {
	if r.workload != nil {
		r.workload.Stop()
	}
	if r.unwatch != nil {
		r.unwatch()
	}
	if r.unfollow != nil {
		r.unfollow()
	}
}

// judgeRTO judges the outage that was measured, if one was.
func (r *rehearsal) judgeRTO() reports.RTO {
	objective := r.drill.Objective
	rto := reports.RTO{
		TargetSeconds: objective.RTO.Seconds(), TargetFrom: r.drill.RTOFrom(), DeclaredSeconds: objective.Declared.Seconds(),
		Verdict: reports.NotProven, Phases: []reports.Phase{},
	}
	switch {
	case errors.Is(r.outageErr, recovery.ErrNotRestored):
		r.judgement.FindOf(recovery.OfRTO, recovery.Missed, "%s", r.briefly(r.outageErr))
		rto.Verdict = reports.Missed
		return rto
	case objective.RTO == 0 && (r.outageErr == nil || errors.Is(r.outageErr, recovery.ErrNoImpact)):
		rto.Verdict = reports.Met // nothing is measured, and the checks decide
		return rto
	case r.outageErr != nil:
		r.judgement.Find(recovery.NotProven, "RTO: %s", r.outageErr)
		return rto
	}
	injected, _ := r.timeline.At(recovery.Injected)
	measured := r.outage.Restored - injected
	judged := measured + objective.Declared
	verdict := recovery.JudgeRTO(judged, r.outage.Uncertainty, objective.RTO)
	r.judgement.FindOf(recovery.OfRTO, verdict, "RTO: %s ± %s; the target is below %s",
		recovery.Words(judged), recovery.Words(r.outage.Uncertainty), recovery.Words(objective.RTO))
	rto.Verdict = verdict.String()
	rto.MeasuredSeconds, rto.JudgedSeconds = seconds(measured), seconds(judged)
	rto.UncertaintySeconds = r.outage.Uncertainty.Seconds()
	for _, p := range recovery.Phases(r.timeline, r.spans()) {
		rto.Phases = append(rto.Phases, reports.Phase{Name: p.Name, Seconds: p.Took.Seconds()})
	}
	return rto
}

// longestError is how much of what a store answered is in a reason, in characters.
const longestError = 400

// briefly is an error as a reason has it. Secrets are hidden first: half of one would not be recognized.
func (r *rehearsal) briefly(err error) string {
	return recovery.Shortened(redact.NewStream(r.secrets()).Text(err.Error()), longestError)
}

func (r *rehearsal) spans() []recovery.Span {
	var spans []recovery.Span
	for _, t := range r.recovered {
		spans = append(spans, t.Spans()...)
	}
	return spans
}

// judgeRPO judges every class that was read back; the others keep an entry without figures.
func (r *rehearsal) judgeRPO(ctx context.Context) ([]reports.RPO, error) {
	out := unread(r.drill)
	for i, class := range recovery.Classes() {
		out[i].Acknowledged = r.acknowledged(class)
	}
	if len(r.losses) == 0 {
		return out, nil
	}
	protections, err := r.protections(ctx)
	if err != nil {
		return out, err
	}
	for i, class := range recovery.Classes() {
		if loss, read := r.losses[class]; read {
			out[i] = r.judgeClass(class, loss, protections[class])
		}
	}
	return out, nil
}

func (r *rehearsal) judgeClass(class recovery.Class, loss recovery.Loss, p recovery.Protection) reports.RPO {
	target := r.drill.Objective.RPO[class]
	judgement := recovery.JudgeRPO(class, loss, p, target)
	r.judgement.Add(judgement.Findings()...)
	rpo := reports.RPO{
		Class: string(class), TargetSeconds: target.Seconds(), TargetFrom: r.drill.RPOFrom(class), ObservedSeconds: seconds(loss.Window),
		ProtectedBy: p.By, Judged: "observed", Verdict: judgement.Verdict().String(),
		Acknowledged: loss.Acknowledged, Lost: loss.Lost, Refused: loss.Refused, Unknown: loss.Unknown,
		Phantom: loss.Phantom, Mutated: loss.Mutated, Duplicated: loss.Duplicated,
	}
	if p.Periodic() {
		rpo.Judged, rpo.ProjectedSeconds, rpo.Formula = "projected", seconds(p.Projected()), p.Formula()
		b, _ := r.backupOf(class)
		rpo.ScheduleFrom = b.From()
	}
	if p.Behind != nil {
		rpo.StoreSeconds, rpo.StorePosition = seconds(*p.Behind), p.Position
	}
	return rpo
}

func (r *rehearsal) acknowledged(class recovery.Class) (n int) {
	r.ledger.Each(class, func(_ int, e recovery.Entry) bool {
		if e.Outcome == recovery.Acknowledged {
			n++
		}
		return true
	})
	return n
}

// judgeSettings asks whether the live servers keep what they acknowledge.
func (r *rehearsal) judgeSettings() {
	for _, s := range r.settings {
		if s.Value != s.Want {
			r.judgement.Find(recovery.NotProven, "%s runs with %s=%s: with anything but %q a loss would say nothing about the procedure",
				s.Store, s.Name, s.Value, s.Want)
		}
	}
}

// judgeWorkload asks whether the workload was fit to show anything: it wrote all classes beyond
// their seeds, and few writes failed before the fault.
func (r *rehearsal) judgeWorkload() {
	injected, ok := r.timeline.At(recovery.Injected)
	if !ok {
		return // the reason is noted already
	}
	for _, class := range recovery.Classes() {
		attempted, failed, fresh := 0, 0, 0
		r.ledger.Each(class, func(seq int, e recovery.Entry) bool {
			if e.Settled >= injected || e.Settled == 0 {
				return true
			}
			attempted++
			switch {
			case e.Outcome != recovery.Acknowledged:
				failed++
			case seq >= r.seedCount(class):
				fresh++
			}
			return true
		})
		if fresh == 0 {
			r.judgement.Find(recovery.NotProven, "%s: the workload wrote nothing before the fault", class)
		}
		if float64(failed) > tolerated*float64(attempted) {
			r.judgement.Find(recovery.NotProven, "%s: %d of %d writes failed before the fault", class, failed, attempted)
		}
	}
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
