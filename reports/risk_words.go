package reports

import "fmt"

// words say how long and by whom it is accepted.
func (a Acceptance) words() string {
	return fmt.Sprintf("accepted until %s by %s", a.Until, oneLine(a.By))
}

// name is what the risk is of.
func (r Risk) name() string { return oneLine(string(r.Drill)) + ", " + r.subject() }

// subject is what the risk is of in its drill.
func (r Risk) subject() string {
	if of := oneLine(r.Of()); of != "" {
		return of
	}
	return "whatever it misses"
}

// words say what became of the risk.
func (r Risk) words() string {
	switch r.State {
	case RiskAccepted:
		return "missed, " + Acceptance{r.Expires, r.AcceptedBy}.words()
	case RiskExpired:
		return fmt.Sprintf("missed, and accepted only until %s", r.Expires)
	case RiskClosed:
		return "missed no more: strike it out"
	default:
		return "not proven: nobody knows whether it is still missed"
	}
}

// inFull is all that is stated of the risk and what became of it, but for its drill.
func (r Risk) inFull() string {
	return fmt.Sprintf("%s. Reason: %s. Owner: %s.", r.words(), trimDot(oneLine(r.Reason)), trimDot(oneLine(r.Owner)))
}

// verdictOf is the drill's verdict in words, and by whom it is accepted.
func verdictOf(d Drill) string {
	if a := d.Accepted(); a != nil {
		return verdictWords(d.Verdict) + ", " + a.words()
	}
	return verdictWords(d.Verdict)
}

// verdictOfRun is the run's verdict in words, and whether all that was missed is accepted.
func verdictOfRun(r Record) string {
	if r.WithinRisks() {
		return "missed within accepted risks"
	}
	return verdictWords(r.Verdict())
}

// acceptedWords mark a verdict in a table where there is no room for more; empty where nothing is accepted.
func acceptedWords(d Drill) string {
	if a := d.Accepted(); a != nil {
		return a.words()
	}
	return ""
}
