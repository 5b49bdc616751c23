package recovery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

var errDown = errors.New("connection refused")

// beats are probes that were asked every 10 ms and took 1 ms: '+' a right answer, '-' a failure, '.' none asked.
func beats(pattern string) []recovery.Observation {
	var probes []recovery.Observation
	for i, beat := range pattern {
		o := recovery.Observation{Asked: ms(10 * i), Answered: ms(10*i + 1)}
		if beat == '-' {
			o.Err = errDown
		}
		if beat != '.' {
			probes = append(probes, o)
		}
	}
	return probes
}

// failedAt are writes of a class that were refused at those instants, each at once, and one that was acknowledged
// soon after them.
func failedAt(instants []time.Duration) recovery.Writes {
	w := recovery.Writes{Class: recovery.Audit}
	var last time.Duration
	for _, at := range instants {
		w.Writes = append(w.Writes, recovery.Observation{Asked: at, Answered: at + ms(1), Err: errDown})
		last = max(last, at)
	}
	w.Writes = append(w.Writes, recovery.Observation{Asked: last + ms(2), Answered: last + ms(3)})
	return w
}

func TestMeasureOutage(t *testing.T) {
	tests := []struct {
		name           string
		probes         string
		failedWrites   []time.Duration
		injected, hold time.Duration
		impact         time.Duration
		restored       time.Duration
		err            error
	}{
		{name: "plain outage", probes: "++---+++", injected: ms(15), hold: ms(20), impact: ms(20), restored: ms(51)},
		{name: "no impact", probes: "++++++++", injected: ms(15), hold: ms(20), err: recovery.ErrNoImpact},
		{name: "nobody asked", injected: ms(15), err: recovery.ErrNoImpact},
		{name: "failed before the injection only", probes: "--++++++", injected: ms(25), hold: ms(20), err: recovery.ErrNoImpact},
		{name: "asked before the injection, failed after it", probes: "+-++++", injected: ms(11), hold: ms(20), impact: ms(11), restored: ms(21)},
		{name: "failed just before the injection", probes: "+-++++", injected: ms(12), hold: ms(20), err: recovery.ErrNoImpact},
		{name: "flapping is one outage up to its last failure", probes: "+-+--++-++++", injected: ms(5), hold: ms(30), impact: ms(10), restored: ms(81)},
		{name: "fails again within the hold", probes: "+--++-++", injected: ms(5), hold: ms(20), impact: ms(10), err: recovery.ErrNotRestored},
		{name: "watch ends exactly with the hold", probes: "+--+++", injected: ms(5), hold: ms(20), impact: ms(10), restored: ms(31)},
		{name: "watch ends just before the hold", probes: "+--+++", injected: ms(5), hold: ms(20) + 1, impact: ms(10), err: recovery.ErrNotRestored},
		{name: "no hold", probes: "+--+", injected: ms(5), impact: ms(10), restored: ms(31)},
		{name: "never back", probes: "++----", injected: ms(15), hold: ms(20), impact: ms(20), err: recovery.ErrNotRestored},
		{name: "a write failed first", probes: "+++--+++", failedWrites: []time.Duration{ms(17)}, injected: ms(15), hold: ms(20), impact: ms(17), restored: ms(51)},
		{name: "a write failed last", probes: "+--+++++", failedWrites: []time.Duration{ms(45)}, injected: ms(5), hold: ms(20), impact: ms(10), restored: ms(51)},
		{name: "writes alone failed", probes: "++++++++", failedWrites: []time.Duration{ms(27), ms(22)}, injected: ms(15), hold: ms(20), impact: ms(22), restored: ms(31)},
		{name: "a write failed before the injection", probes: "++++++++", failedWrites: []time.Duration{ms(14)}, injected: ms(15), err: recovery.ErrNoImpact},
		{name: "a write failed after the watch", probes: "+--+++++", failedWrites: []time.Duration{ms(90)}, injected: ms(5), hold: ms(20), impact: ms(10), err: recovery.ErrNotRestored},
		{name: "writes failed and nobody asked", failedWrites: []time.Duration{ms(20)}, injected: ms(5), impact: ms(20), err: recovery.ErrNotRestored},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen := recovery.Seen{Probes: beats(tt.probes), Writes: []recovery.Writes{failedAt(tt.failedWrites)}}
			got, err := recovery.MeasureOutage(seen, tt.injected, tt.hold)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if got.Impact != tt.impact || got.Restored != tt.restored {
				t.Errorf("impact %s, restored %s; want %s, %s", got.Impact, got.Restored, tt.impact, tt.restored)
			}
		})
	}
}

// Who reads that a service was not restored wants to know what it answered last.
func TestNotRestoredSaysTheLastWrongAnswer(t *testing.T) {
	damaged, late := beats("+-----"), errors.New("the connection was reset")
	damaged[4].Err, damaged[5].Err = errDown, errors.New(`index "memory_vectors_pkey" contains unexpected zero page`)
	for _, tt := range []struct {
		seen recovery.Seen
		says string
		why  error
	}{
		{recovery.Seen{Probes: damaged}, "the service was not restored: no right answer after the failure at 50 ms: " +
			`index "memory_vectors_pkey" contains unexpected zero page`, damaged[5].Err},
		{recovery.Seen{Probes: damaged, Writes: []recovery.Writes{{Class: recovery.Audit, Writes: []recovery.Observation{asked(ms(40), ms(1), errDown), asked(ms(60), ms(1), late)}}}},
			"the service was not restored: no right answer after the failure at 60 ms: the connection was reset", late},
		{recovery.Seen{Probes: beats("+--++")}, "the service was not restored for the whole hold period of 20 ms: " +
			"the watch ended at 41 ms, the last failure was at 20 ms: connection refused", errDown},
	} {
		_, err := recovery.MeasureOutage(tt.seen, ms(5), ms(20))
		if !errors.Is(err, recovery.ErrNotRestored) || !errors.Is(err, tt.why) || err.Error() != tt.says {
			t.Errorf("%v, want %s", err, tt.says)
		}
	}
}

// asked is a question with its answer; one that took ProbeTimeout got none.
func asked(at, took time.Duration, err error) recovery.Observation {
	return recovery.Observation{Asked: at, Answered: at + took, Err: err}
}

func TestUncertainty(t *testing.T) {
	const given = recovery.ProbeTimeout
	writes := func(w ...recovery.Observation) []recovery.Writes {
		return []recovery.Writes{{Class: recovery.Audit, Writes: w}}
	}
	quick := []recovery.Observation{asked(0, ms(1), nil), asked(ms(3), 0, errDown), asked(ms(4), 0, nil)}
	tests := []struct {
		name      string
		seen      recovery.Seen
		restored  time.Duration
		uncertain time.Duration
	}{
		{"from the last wrong answer's question to the right one's", recovery.Seen{Probes: beats("++---+++")}, ms(51), ms(10)},
		{"slow answers in the outage do not matter", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), ms(80), errDown), asked(ms(95), ms(1), errDown), asked(ms(105), ms(2), nil)}}, ms(107), ms(10)},
		{"whoever waits for a slow right answer is not served", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), ms(1), errDown), asked(ms(20), ms(40), nil)}}, ms(60), ms(10)},
		{"nobody asked for a while", recovery.Seen{Probes: beats("++---....+++")}, ms(91), ms(50)},
		{"never better than the probe's interval", recovery.Seen{Probes: quick}, ms(4), recovery.ProbeInterval},
		{"a later question is answered first", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), ms(1), errDown), asked(ms(15), ms(40), nil), asked(ms(23), ms(3), nil)}}, ms(26), ms(8)},
		{"a question without an answer is overtaken by a right one", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), given, errDown), asked(ms(15), given, errDown), asked(ms(25), ms(3), nil), asked(ms(600), ms(1), nil)}}, ms(28), ms(10)},
		{"a service that hangs answers all that wait at once", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), given, errDown), asked(ms(35), ms(485), nil), asked(ms(60), ms(462), nil)}}, ms(520), recovery.ProbeInterval},
		{"a wrong answer that took its time is as old as its question", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), given-ms(1), errDown), asked(ms(600), ms(2), nil)}}, ms(602), ms(590)},
		{"a write is refused last", recovery.Seen{Probes: beats("+--+++++"), Writes: writes(asked(ms(42), ms(2), errDown), asked(ms(44), ms(1), nil))}, ms(51), ms(8)},
		{"a class is written again later than the probe is right", recovery.Seen{Probes: beats("+--+++++"),
			Writes: writes(asked(ms(25), ms(1), errDown), asked(ms(45), ms(3), nil))}, ms(48), ms(20)},
		{"of what comes back one after the other the last one counts", recovery.Seen{Probes: beats("+--....+++"),
			Writes: writes(asked(ms(65), ms(1), errDown), asked(ms(76), ms(3), nil))}, ms(79), ms(11)},
		{"a write that waits until the store can acknowledge it", recovery.Seen{Probes: beats("+--+++++++++++"),
			Writes: writes(asked(ms(15), ms(5), errDown), asked(ms(25), ms(100), nil))}, ms(125), ms(10)},
		{"a write was given up while the probe was right", recovery.Seen{Probes: []recovery.Observation{
			asked(ms(10), ms(1), nil), asked(ms(1010), ms(1), nil), asked(ms(1045), ms(1), nil)},
			Writes: writes(asked(ms(12), ms(1000), errDown), asked(ms(1012), ms(30), nil))}, ms(1046), recovery.ProbeInterval},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := recovery.MeasureOutage(tt.seen, ms(2), 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Restored != tt.restored || got.Uncertainty != tt.uncertain {
				t.Errorf("restored %s ± %s, want %s ± %s", got.Restored, got.Uncertainty, tt.restored, tt.uncertain)
			}
		})
	}
}

// A class whose writes failed, and that is not written any more, has not come back.
func TestRestoredTakesWritesOfEachClassThatFailed(t *testing.T) {
	seen := recovery.Seen{Probes: beats("+--+++++"), Writes: []recovery.Writes{
		{Class: recovery.Audit, Writes: []recovery.Observation{asked(ms(15), ms(1), errDown), asked(ms(35), ms(1), nil)}},
		{Class: recovery.Memory, Writes: []recovery.Observation{asked(ms(1), ms(1), nil), asked(ms(15), ms(1), errDown)}},
	}}
	if _, err := recovery.MeasureOutage(seen, ms(5), 0); !errors.Is(err, recovery.ErrNotRestored) || !strings.Contains(err.Error(), "no write of memory") {
		t.Errorf("error %v", err)
	}
	seen.Writes[1].Writes = seen.Writes[1].Writes[:1] // it did not fail, and wrote nothing since
	if _, err := recovery.MeasureOutage(seen, ms(5), 0); err != nil {
		t.Error(err)
	}
}
