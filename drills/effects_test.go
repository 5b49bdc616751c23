package drills

import (
	"slices"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// A worker may die at any instant between announcing a step, its commit and confirming it.
func TestEffectsAgreeAtWhateverInstantAWorkerDies(t *testing.T) {
	at := map[string]time.Duration{"run 1 1 worker-1": sec(5)}
	for _, tt := range []struct {
		name                 string
		announced, confirmed map[string]time.Duration
		stored               []string
		others               []string
		lost                 span
		unannounced, missing []string
	}{
		{name: "all went well", announced: at, confirmed: at, stored: []string{"run 1 1 worker-1"}},
		{name: "it died before the commit", announced: at},
		{name: "it died after the commit", announced: at, stored: []string{"run 1 1 worker-1"}},
		{name: "the row is gone", announced: at, confirmed: at, missing: []string{"run 1 1 worker-1"}},
		{name: "the row was lost with the store's last writes", announced: at, confirmed: at, lost: span{sec(4), sec(6)}},
		{name: "the row is older than what the store lost", announced: at, confirmed: at, lost: span{sec(6), sec(8)}, missing: []string{"run 1 1 worker-1"}},
		{name: "somebody made a row up", stored: []string{"run 1 1 nobody"}, unannounced: []string{"run 1 1 nobody"}},
		{name: "the row says another worker", announced: at, confirmed: at, stored: []string{"run 1 1 nobody"},
			unannounced: []string{"run 1 1 nobody"}, missing: []string{"run 1 1 worker-1"}},
		{name: "the row was there before the workers", stored: []string{"archive 1 1 nobody"}, others: []string{"archive 1 1 nobody"}},
	} {
		e := effects{stored: tt.stored, announced: tt.announced, confirmed: tt.confirmed}
		if got := e.unannounced(tt.others); !slices.Equal(got, tt.unannounced) {
			t.Errorf("%s: nobody announced %v, want %v", tt.name, got, tt.unannounced)
		}
		if got := e.missing(tt.lost); !slices.Equal(got, tt.missing) {
			t.Errorf("%s: missing are %v, want %v", tt.name, got, tt.missing)
		}
	}
}

func TestLostOfIsTheLossWindowAloneWhereSomethingIsLost(t *testing.T) {
	timeline := &recovery.Timeline{}
	timeline.Mark(recovery.RecoveryStarted, sec(12))
	site := Site{Timeline: timeline, Injected: sec(10), Losses: map[recovery.Class]recovery.Loss{
		recovery.Runs: {}, recovery.Memory: {Lost: 3, Window: sec(4)},
	}}
	if got := lostOf(site, recovery.Runs); got != (span{}) || got.has(0) {
		t.Errorf("nothing is lost: %v", got)
	}
	if got, want := lostOf(site, recovery.Memory), (span{sec(5), sec(12)}); got != want {
		t.Errorf("lost is %v, want %v", got, want)
	}
}
