package recovery

import (
	"testing"
	"time"
)

// A copy that is of one moment holds what was acknowledged before it, and nothing that came after it.
func TestCheckCopy(t *testing.T) {
	const begun, complete = 10 * time.Second, 20 * time.Second
	l := &Ledger{}
	write := func(class Class, issued, settled time.Duration, o Outcome) Row {
		seq := l.Issue(class, issued)
		l.Seal(class, seq, Hash(seq))
		l.Settle(class, seq, o, settled)
		return Row{Seq: seq, Hash: Hash(seq)}
	}
	before := write(Runs, 1*time.Second, 2*time.Second, Acknowledged)
	refused := write(Runs, 3*time.Second, 4*time.Second, Refused)
	during := write(Runs, 12*time.Second, 13*time.Second, Acknowledged)
	across := write(Audit, 12*time.Second, 16*time.Second, Acknowledged)
	next := write(Audit, 15*time.Second, 16*time.Second, Acknowledged)
	after := write(Audit, 21*time.Second, 22*time.Second, Acknowledged)
	for name, tt := range map[string]struct {
		runs, audit []Row
		want        Copy
	}{
		"as of its beginning":               {[]Row{before}, nil, Copy{Held: 1}},
		"as of its end":                     {[]Row{before, during}, []Row{across, next}, Copy{Held: 4}},
		"in the middle":                     {[]Row{before, during}, []Row{next}, Copy{Held: 3}},
		"nothing":                           {nil, nil, Copy{Lost: 1}},
		"a hole before what it holds":       {[]Row{before}, []Row{next}, Copy{Held: 2, Lost: 1}},
		"what came later":                   {[]Row{before, during}, []Row{across, next, after}, Copy{Held: 5, Late: 1}},
		"a refused one, which others judge": {[]Row{before, refused}, nil, Copy{Held: 2}},
		"one that was never attempted":      {[]Row{before, {Seq: -1}}, nil, Copy{Held: 1}},
	} {
		if got := l.CheckCopy(map[Class][]Row{Runs: tt.runs, Audit: tt.audit}, begun, complete); got != tt.want {
			t.Errorf("a copy that holds %s: %+v, want %+v", name, got, tt.want)
		}
	}
}
