package recovery_test

import (
	"errors"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

var (
	errDown    = errors.New("connection refused")
	errRefused = errors.New("read-only")
)

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
			seen := recovery.Seen{Probes: beats(tt.probes)}
			for _, at := range tt.failedWrites {
				seen.FailedWrites = append(seen.FailedWrites, recovery.Failure{At: at, Err: errRefused})
			}
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
		{recovery.Seen{Probes: damaged, FailedWrites: []recovery.Failure{{At: ms(60), Err: late}, {At: ms(40), Err: errRefused}}},
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

func TestUncertaintyIsTheLongestGapAndTheSlowestAnswer(t *testing.T) {
	slow := beats("++---+++")
	slow[3].Answered += ms(7) // during the outage: 8 ms in all
	slowEnds := beats("++---+++")
	slowEnds[4].Answered += ms(8) // the last failure and the first right answer: down from 40 to 59 ms
	slowEnds[5].Answered += ms(8)
	quick := beats("+++")
	for i := range quick {
		quick[i].Asked = ms(3 * i)
		quick[i].Answered = quick[i].Asked
	}
	quick[1].Err = errDown
	before := beats("++---+++")
	before[0].Answered += ms(8) // long before the impact
	after := beats("++---+++")
	after[7].Answered += ms(100) // long after the service was back
	tests := []struct {
		name   string
		probes []recovery.Observation
		want   time.Duration
	}{
		{"steady: since the last failure was asked for", beats("++---+++"), ms(11)},
		{"slow answer in the outage", slow, ms(9 + 8)},
		{"slow answers before and after it came back", slowEnds, ms(19)},
		{"questions left out in the outage", beats("++-..-+++"), ms(29 + 1)},
		{"questions left out before it came back", beats("++---....+++"), ms(51)},
		{"never better than the probe's interval", quick, recovery.ProbeInterval},
		{"slow answer before the impact", before, ms(11)},
		{"slow answer after it was back", after, ms(11)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := recovery.MeasureOutage(recovery.Seen{Probes: tt.probes}, ms(2), 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Uncertainty != tt.want {
				t.Errorf("uncertainty %s, want %s", got.Uncertainty, tt.want)
			}
		})
	}
}
