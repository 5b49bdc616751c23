package reports

import (
	"fmt"
	"strings"
)

// thin is the part of a recovery time's target from which a drill that met it is worth a look.
const thin = 0.8

// advice says what to do after a drill. It follows from what the record holds and from nothing else;
// a drill that needs nothing gets none.
func advice(d Drill) []string {
	var list []string
	for _, of := range []func(Drill) []string{stepAdvice, settingAdvice, rtoAdvice, rpoAdvice, proofAdvice, regressionAdvice} {
		list = append(list, of(d)...)
	}
	if d.Verdict != Met && d.Verdict != Missed {
		list = append(list, "Remove the reason why nothing is proven, then run the drill again: until then nobody knows whether it meets its targets.")
	}
	return list
}

// stepAdvice is about steps that failed. In a drill that met its targets a step that fails is part of the
// rehearsal: a backup that has to fail loudly.
func stepAdvice(d Drill) []string {
	if d.Verdict == Met {
		return nil
	}
	var list []string
	for _, s := range recoverySteps(d) {
		where := fmt.Sprintf("“%s” of %s", oneLine(s.Name), oneLine(s.Script))
		switch {
		case s.TimedOut:
			list = append(list, fmt.Sprintf("Find out why the step %s did not end within %s; its output is with the step.", where, deadlineWords(s)))
		case failed(s):
			list = append(list, fmt.Sprintf("Find out why the step %s ended with exit code %d; its output is with the step.", where, s.ExitCode))
		}
	}
	return list
}

func settingAdvice(d Drill) []string {
	var list []string
	for _, s := range d.Settings {
		if s.Value != s.Want {
			list = append(list, fmt.Sprintf("Set %s of %s to %s: the live server has %s.", oneLine(s.Name), oneLine(s.Store), oneLine(s.Want), oneLine(s.Value)))
		}
	}
	return list
}

func rtoAdvice(d Drill) []string {
	t := d.RTO
	if !t.Targeted() || t.JudgedSeconds == nil {
		return nil
	}
	step, ok := longestStep(d)
	if used := rtoMargin(0, t).Used; !ok || t.Verdict == Met && used < thin {
		return nil
	}
	return []string{fmt.Sprintf("Shorten the recovery, beginning with its longest step: “%s” of %s took %s.", oneLine(step.Name), oneLine(step.Script), duration(step.Seconds))}
}

// rpoAdvice says for the classes that missed their targets what kind of protection would meet them.
func rpoAdvice(d Drill) []string {
	var list grouped
	for _, p := range d.RPO {
		if p.Verdict != Missed {
			continue
		}
		switch {
		case p.Judged != "projected":
			list.add(p.Class, "find out why acknowledged writes are not there, before this procedure is relied upon.")
		case p.TargetSeconds <= 0:
			list.add(p.Class, "no periodic backup can keep every write. Protect them by a log or a copy that each commit waits for.")
		default:
			list.add(p.Class, fmt.Sprintf("take backups more often. Interval and lag together must stay within %s.", duration(p.TargetSeconds)))
		}
	}
	return list.lines()
}

// grouped are sayings with the classes that each holds for, in the order in which they came.
type grouped []saying

type saying struct {
	classes []string
	words   string
}

func (g *grouped) add(class, words string) {
	for i := range *g {
		if (*g)[i].words == words {
			(*g)[i].classes = append((*g)[i].classes, oneLine(class))
			return
		}
	}
	*g = append(*g, saying{[]string{oneLine(class)}, words})
}

func (g *grouped) lines() []string {
	var lines []string
	for _, s := range *g {
		lines = append(lines, capital(strings.Join(s.classes, ", "))+": "+s.words)
	}
	return lines
}

func proofAdvice(d Drill) []string {
	var list []string
	for _, p := range d.Proofs {
		if p.Verdict == Missed {
			list = append(list, fmt.Sprintf("Repair what the check “%s” found: %s", oneLine(p.Name), oneLine(p.Detail)))
		}
	}
	return list
}

func regressionAdvice(d Drill) []string {
	if d.Regression == nil || d.Regression.Verdict == Met || d.Regression.Slowest == nil {
		return nil
	}
	s := d.Regression.Slowest
	return []string{fmt.Sprintf("Find out why “%s” takes %s now and took %s in run %s.",
		oneLine(s.Phase), duration(s.Seconds), duration(s.BaselineSeconds), oneLine(d.Regression.Baseline))}
}
