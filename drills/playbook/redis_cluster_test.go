package playbook

import (
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// ledgerOf is a ledger of the memory store with a write every 20 ms: . acknowledged, x refused.
func ledgerOf(outcomes string) *recovery.Ledger {
	ledger := &recovery.Ledger{}
	for i, c := range outcomes {
		at := time.Duration(i) * 20 * time.Millisecond
		seq := ledger.Issue(recovery.Memory, at)
		outcome := recovery.Acknowledged
		if c == 'x' {
			outcome = recovery.Refused
		}
		ledger.Settle(recovery.Memory, seq, outcome, at+time.Millisecond)
	}
	return ledger
}

func TestOutages(t *testing.T) {
	const row = "........................." // as many as it takes
	for _, tt := range []struct {
		name, writes string
		again, lost  int // numbers of writes
	}{
		{"two outages", "..xx.xx" + row + "..xxx...", 7, 34},
		{"one outage", "..xx" + row + row, 4, 0},
		{"none", row + row, 0, 0},
		{"an outage that does not end", "..xxx" + row[1:] + "x" + row[1:], 0, 0},
		{"before the fault", "x." + row + "x" + row, 28, 0},
	} {
		again, lost := outages(ledgerOf(tt.writes), 30*time.Millisecond)
		if want := settled(tt.again); again != want {
			t.Errorf("%s: served again at %s, want %s", tt.name, again, want)
		}
		if want := time.Duration(tt.lost) * 20 * time.Millisecond; lost != want {
			t.Errorf("%s: lost again at %s, want %s", tt.name, lost, want)
		}
	}
}

func settled(seq int) time.Duration {
	if seq == 0 {
		return 0
	}
	return time.Duration(seq)*20*time.Millisecond + time.Millisecond
}
