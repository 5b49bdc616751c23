package drills

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// MeetRTO succeeds when the drill's recovery time was measured and is below its target.
func MeetRTO() types.GomegaMatcher {
	return &matcher{expectation: "to meet its RTO", problems: func(d reports.Drill) []string {
		if d.RTO.Verdict == reports.Met {
			return nil
		}
		if d.RTO.JudgedSeconds == nil {
			return []string{fmt.Sprintf("measured nothing; allowed is below %g s", d.RTO.TargetSeconds)}
		}
		return []string{fmt.Sprintf("measured %.3f ± %.3f s; allowed is below %g s", *d.RTO.JudgedSeconds, d.RTO.UncertaintySeconds, d.RTO.TargetSeconds)}
	}}
}

// MeetRPO succeeds when every data class keeps its recovery point objective, or misses it within accepted risks.
func MeetRPO() types.GomegaMatcher {
	return &matcher{expectation: "to meet its RPO", problems: func(d reports.Drill) (problems []string) {
		if len(d.RPO) != len(recovery.Classes()) {
			problems = append(problems, fmt.Sprintf("%d data classes were judged, not %d", len(d.RPO), len(recovery.Classes())))
		}
		for _, rpo := range d.RPO {
			if rpo.Verdict != reports.Met && !isAccepted(d, rpo) {
				problems = append(problems, fmt.Sprintf("%s: %s: %d writes lost, %s; allowed is below %g s",
					rpo.Class, rpo.Verdict, rpo.Lost, lossOf(rpo), rpo.TargetSeconds))
			}
		}
		return problems
	}}
}

// isAccepted says that a class missed its target, and that this is accepted.
func isAccepted(d reports.Drill, rpo reports.RPO) bool {
	return rpo.Verdict == reports.Missed && slices.ContainsFunc(d.Findings, func(f reports.Finding) bool {
		return f.Of == recovery.OfRPO(recovery.Class(rpo.Class)) && f.Accepted != nil
	})
}

func lossOf(rpo reports.RPO) string {
	figure, what := rpo.ObservedSeconds, "observed"
	if rpo.Judged == "projected" {
		figure, what = rpo.ProjectedSeconds, "projected"
	}
	if figure == nil {
		return "the window was not measured"
	}
	return fmt.Sprintf("a window of %.3f s %s", *figure, what)
}

// BeIntact succeeds when everything was read back, nothing is there that was not written, and all
// of the drill's own proofs hold.
func BeIntact() types.GomegaMatcher {
	return &matcher{expectation: "to be intact", problems: func(d reports.Drill) (problems []string) {
		if !slices.ContainsFunc(d.Timeline, func(e reports.Event) bool { return e.Event == string(recovery.Verified) }) {
			problems = append(problems, "verification did not come to its end")
		}
		for _, rpo := range d.RPO {
			if rpo.Phantom+rpo.Mutated+rpo.Duplicated > 0 {
				problems = append(problems, fmt.Sprintf("%s: %d phantom, %d mutated, %d duplicated; allowed is none",
					rpo.Class, rpo.Phantom, rpo.Mutated, rpo.Duplicated))
			}
		}
		for _, proof := range d.Proofs {
			if proof.Verdict != reports.Met {
				problems = append(problems, fmt.Sprintf("%s: %s: %s", proof.Name, proof.Verdict, proof.Detail))
			}
		}
		return problems
	}}
}

// matcher matches a drill's record that has none of some problems.
type matcher struct {
	expectation string
	problems    func(reports.Drill) []string
	found       []string
}

// Match implements types.GomegaMatcher.
func (m *matcher) Match(actual any) (bool, error) {
	d, ok := actual.(reports.Drill)
	if !ok {
		return false, fmt.Errorf("expected a reports.Drill, got %T", actual)
	}
	m.found = m.problems(d)
	return len(m.found) == 0, nil
}

// FailureMessage implements types.GomegaMatcher: what was measured, what is allowed, and where the time went.
func (m *matcher) FailureMessage(actual any) string {
	d, _ := actual.(reports.Drill)
	return fmt.Sprintf("expected %s %s:\n  %s\n  %s\n  reasons: %s",
		d.Name, m.expectation, strings.Join(m.found, "\n  "), longestStep(d), strings.Join(d.Reasons, "; "))
}

// NegatedFailureMessage implements types.GomegaMatcher.
func (m *matcher) NegatedFailureMessage(actual any) string {
	d, _ := actual.(reports.Drill)
	return fmt.Sprintf("expected %s not %s", d.Name, m.expectation)
}

func longestStep(d reports.Drill) string {
	if len(d.Steps) == 0 {
		return "no recovery step ran"
	}
	longest := slices.MaxFunc(d.Steps, func(a, b reports.Step) int { return cmp.Compare(a.Seconds, b.Seconds) })
	return fmt.Sprintf("the longest step was %q of %s: %.3f s, exit code %d", longest.Name, longest.Script, longest.Seconds, longest.ExitCode)
}
