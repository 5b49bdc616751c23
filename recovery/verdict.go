package recovery

import (
	"fmt"
	"time"
)

// Verdict is what a drill has shown. The zero value is NotProven: nothing is met until it is shown.
type Verdict int

// The verdicts, worst first.
const (
	NotProven Verdict = iota
	Missed
	Met
)

func (v Verdict) String() string {
	return [...]string{"not-proven", "missed", "met"}[v]
}

// Worse is the worse of two verdicts.
func (v Verdict) Worse(w Verdict) Verdict { return min(v, w) }

// Finding is one thing that keeps a verdict from met.
type Finding struct {
	// Of names what was missed, so that it can be told from what else may be missed; empty where nothing was, or where
	// what it is of has no name.
	Of      string
	Verdict Verdict
	Reason  string
}

// OfRTO is what a missed recovery time is a finding of.
const OfRTO = "rto"

// OfRPO is what a missed target of a class's loss is a finding of. Damage, and a loss that no protection explains, are
// findings of something else: whoever expects the one must not overlook the other.
func OfRPO(c Class) string { return "rpo " + string(c) }

// Judgement is a verdict in the making: it starts at met, and findings make it worse.
type Judgement struct {
	verdict  Verdict
	findings []Finding
}

// NewJudgement starts at met.
func NewJudgement() *Judgement { return &Judgement{verdict: Met} }

// Find adds a finding of what has no name.
func (j *Judgement) Find(v Verdict, format string, args ...any) { j.FindOf("", v, format, args...) }

// FindOf adds a finding of what has that name. Met is none.
func (j *Judgement) FindOf(of string, v Verdict, format string, args ...any) {
	j.Add(Finding{of, v, fmt.Sprintf(format, args...)})
}

// Add adds findings.
func (j *Judgement) Add(findings ...Finding) {
	for _, f := range findings {
		if f.Verdict != Met {
			j.verdict = j.verdict.Worse(f.Verdict)
			j.findings = append(j.findings, f)
		}
	}
}

// Verdict is the worst finding so far.
func (j *Judgement) Verdict() Verdict { return j.verdict }

// Findings are why the verdict is not met.
func (j *Judgement) Findings() []Finding { return j.findings }

// JudgeRTO holds a recovery time against its target. The whole uncertainty counts against it: a
// time that may be over the target is not proven, one that surely is has missed it.
func JudgeRTO(judged, uncertainty, target time.Duration) Verdict {
	switch {
	case judged-uncertainty >= target:
		return Missed
	case judged+uncertainty >= target:
		return NotProven
	default:
		return Met
	}
}

// JudgeRPO holds a class's loss against its target, which it must stay below; a target of zero
// allows no lost write. Before that the loss must be one that the class's protection explains: a
// drill lasts seconds, so that a target of an hour alone would let everything be lost. A periodic
// backup is judged by its projection, anything else by what was lost.
func JudgeRPO(c Class, l Loss, p Protection, target time.Duration) *Judgement {
	j := NewJudgement()
	if l.Acknowledged == 0 {
		j.Find(NotProven, "%s: the workload wrote nothing that was acknowledged", c)
	}
	if !l.Intact() {
		j.FindOf("damage "+string(c), Missed, "%s: not intact: %d phantom, %d mutated, %d duplicated", c, l.Phantom, l.Mutated, l.Duplicated)
	}
	// A loss without a window, or one that goes on after recovery began, is no tail of the store's
	// content: there is nothing to compare, and the loss is named below.
	tail := !l.Unbounded && l.Holes == 0 && l.LastLostIssued <= p.Until
	if d := p.Behind; d != nil && tail && differ(*d, l.Window, p.Resolution) {
		j.Find(NotProven, "%s: ledger and store disagree: the ledger shows a loss window of %s, %s shows %s",
			c, Words(l.Window), p.Position, Words(*d))
	}
	if why := unexplained(l, p); why != "" {
		j.FindOf("unexplained loss "+string(c), Missed, "%s: %d acknowledged writes lost, %s", c, l.Lost, why)
	}
	switch {
	case p.Periodic() && p.Projected() >= target:
		j.FindOf(OfRPO(c), Missed, "%s: projected loss %s (%s); the target is %s", c, Words(p.Projected()), p.Formula(), Words(target))
	case !p.Periodic() && l.Lost > 0 && l.Window >= target:
		j.FindOf(OfRPO(c), Missed, "%s: %d acknowledged writes lost, a window of %s; the target is %s", c, l.Lost, Words(l.Window), Words(target))
	}
	return j
}

// unexplained says why a loss is more than the protection explains; empty when it is not.
func unexplained(l Loss, p Protection) string {
	switch {
	case l.Lost == 0:
		return ""
	case l.LastLostIssued > p.Until:
		return "some of them issued after recovery had begun: they went into a store that was replaced"
	case l.Holes > 0:
		return fmt.Sprintf("%d of them though later ones are there: %s loses the end of what was written, and nothing out of its middle", l.Holes, p.By)
	case l.Unbounded:
		return "and nothing from before them is there"
	case p.Periodic() && l.FirstLost < p.Snapshot:
		return fmt.Sprintf("the first of them acknowledged %s before the restored backup began", Words(p.Snapshot-l.FirstLost))
	case !p.Periodic() && l.Window > p.Allows:
		return fmt.Sprintf("a window of %s; %s explains %s", Words(l.Window), p.By, Words(p.Allows))
	default:
		return ""
	}
}

func differ(a, b, tolerance time.Duration) bool { return max(a-b, b-a) > tolerance }
