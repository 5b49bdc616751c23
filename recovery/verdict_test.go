package recovery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestWorstVerdictWins(t *testing.T) {
	verdicts := []recovery.Verdict{recovery.NotProven, recovery.Missed, recovery.Met} // worst first
	for i, v := range verdicts {
		for j, w := range verdicts {
			if got, want := v.Worse(w), verdicts[min(i, j)]; got != want {
				t.Errorf("the worse of %s and %s is %s, want %s", v, w, got, want)
			}
		}
	}
	if zero := *new(recovery.Verdict); zero != recovery.NotProven {
		t.Errorf("a verdict that nobody gave is %s, want not-proven", zero)
	}
	names := []string{verdicts[0].String(), verdicts[1].String(), verdicts[2].String()}
	if want := []string{"not-proven", "missed", "met"}; !slices.Equal(names, want) {
		t.Errorf("the verdicts are called %v, want %v", names, want)
	}
}

func TestJudgement(t *testing.T) {
	j := recovery.NewJudgement()
	if j.Verdict() != recovery.Met || len(j.Reasons()) != 0 {
		t.Errorf("a new judgement is %s %v, want met", j.Verdict(), j.Reasons())
	}
	j.Find(recovery.Met, "all is well")
	j.Find(recovery.Missed, "%d writes lost", 3)
	j.Find(recovery.NotProven, "no probe failed")
	j.Find(recovery.Missed, "too late")
	if j.Verdict() != recovery.NotProven {
		t.Errorf("verdict %s, want not-proven", j.Verdict())
	}
	want := []string{"3 writes lost", "no probe failed", "too late"}
	if !slices.Equal(j.Reasons(), want) {
		t.Errorf("reasons %q, want %q", j.Reasons(), want)
	}
}

func TestJudgeRTO(t *testing.T) {
	const target = time.Minute
	tests := []struct {
		name                string
		judged, uncertainty time.Duration
		want                recovery.Verdict
	}{
		{"well below", 10 * time.Second, ms(20), recovery.Met},
		{"no time at all", 0, 0, recovery.Met},
		{"just below with its uncertainty", target - ms(20) - 1, ms(20), recovery.Met},
		{"at the target with its uncertainty", target - ms(20), ms(20), recovery.NotProven},
		{"just below, exactly known", target - 1, 0, recovery.Met},
		{"at the target, exactly known", target, 0, recovery.Missed},
		{"at the target, uncertain", target, ms(20), recovery.NotProven},
		{"above, and may be below", target + ms(20) - 1, ms(20), recovery.NotProven},
		{"above without doubt", target + ms(20), ms(20), recovery.Missed},
		{"far above", time.Hour, ms(20), recovery.Missed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := recovery.JudgeRTO(tt.judged, tt.uncertainty, target); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestJudgeRPO(t *testing.T) {
	const resolution = 10 * time.Millisecond
	type (
		loss       = recovery.Loss
		protection = recovery.Protection
	)
	behind := func(d time.Duration) *time.Duration { return &d }
	hourly := protection{By: "backup-redis.sh", Policy: time.Hour - time.Minute, Every: 4 * time.Second, Lag: time.Second, Resolution: resolution}
	explained := hourly.Every + hourly.Lag + resolution
	slow := hourly
	slow.Lag = time.Minute
	contradicted := hourly
	contradicted.Behind = behind(0)
	kept := loss{Attempted: 10, Acknowledged: 10}
	lost := func(n int, window time.Duration) loss {
		return loss{Attempted: 10, Acknowledged: 10, Lost: n, Window: window}
	}
	wal := func(d time.Duration) protection {
		return protection{By: "WAL", Behind: behind(d), Position: "the last WAL record", Resolution: resolution}
	}
	tests := []struct {
		name   string
		loss   loss
		by     protection
		target time.Duration
		want   recovery.Verdict
		says   []string // what each reason must mention, in order
	}{
		{name: "continuous, nothing lost", loss: kept, want: recovery.Met},
		{name: "continuous, nothing lost, target above zero", loss: kept, target: time.Minute, want: recovery.Met},
		{name: "zero target, one write lost", loss: lost(1, ms(1)), want: recovery.Missed, says: []string{"1 acknowledged writes lost, a window of 1ms; the target is 0s"}},
		{name: "zero target, lost in no time", loss: lost(1, 0), want: recovery.Missed, says: []string{"1 acknowledged"}},
		{name: "continuous, lost below the target", loss: lost(5, time.Minute-1), target: time.Minute, want: recovery.Met},
		{name: "continuous, lost exactly the target", loss: lost(5, time.Minute), target: time.Minute, want: recovery.Missed, says: []string{"window of 1m0s"}},
		{name: "unknown writes are no loss", loss: loss{Attempted: 4, Acknowledged: 1, Unknown: 3}, want: recovery.Met},
		{name: "nothing acknowledged", loss: loss{Attempted: 4, Refused: 4}, want: recovery.NotProven, says: []string{"nothing that was acknowledged"}},
		{name: "nothing attempted under a backup", by: hourly, target: time.Hour, want: recovery.NotProven, says: []string{"nothing"}},
		{name: "phantom", loss: loss{Acknowledged: 1, Phantom: 1}, want: recovery.Missed, says: []string{"1 phantom, 0 mutated, 0 duplicated"}},
		{name: "mutated under a backup", loss: loss{Acknowledged: 1, Mutated: 2}, by: hourly, target: time.Hour, want: recovery.Missed, says: []string{"2 mutated"}},
		{name: "duplicated", loss: loss{Acknowledged: 1, Duplicated: 3}, want: recovery.Missed, says: []string{"3 duplicated"}},

		{name: "store agrees", loss: lost(1, ms(500)), by: wal(ms(490)), target: time.Minute, want: recovery.Met},
		{name: "store is further back", loss: lost(1, ms(500)), by: wal(ms(511)), target: time.Minute, want: recovery.NotProven,
			says: []string{"a loss window of 500ms, the last WAL record shows 511ms"}},
		{name: "store is less far back", loss: lost(1, ms(500)), by: wal(ms(489)), target: time.Minute, want: recovery.NotProven, says: []string{"disagree"}},
		{name: "store lacks what the ledger has not missed", loss: kept, by: wal(time.Second), want: recovery.NotProven, says: []string{"disagree"}},
		{name: "lost, and in disagreement", loss: lost(1, ms(500)), by: wal(0), want: recovery.NotProven, says: []string{"disagree", "1 acknowledged"}},

		{name: "periodic, nothing lost", loss: kept, by: hourly, target: time.Hour, want: recovery.Met},
		{name: "periodic, lost what the schedule explains", loss: lost(5, explained), by: hourly, target: time.Hour, want: recovery.Met},
		{name: "periodic, lost more than the schedule explains", loss: lost(5, explained+1), by: hourly, target: time.Hour, want: recovery.Missed, says: []string{"longer than the backup's schedule"}},
		{name: "periodic, projection at the target", loss: kept, by: slow, target: time.Hour, want: recovery.Missed, says: []string{"policy interval 59m0s + completion lag 1m0s"}},
		{name: "periodic, zero target", loss: kept, by: hourly, want: recovery.Missed, says: []string{"projected loss 59m1s"}},
		{name: "periodic, store disagrees", loss: lost(5, ms(500)), by: contradicted, target: time.Hour, want: recovery.NotProven, says: []string{"disagree"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := recovery.JudgeRPO(recovery.Memory, tt.loss, tt.by, tt.target)
			if j.Verdict() != tt.want {
				t.Errorf("verdict %s, want %s", j.Verdict(), tt.want)
			}
			if len(j.Reasons()) != len(tt.says) {
				t.Fatalf("reasons %q, want %d", j.Reasons(), len(tt.says))
			}
			for i, reason := range j.Reasons() {
				if !strings.HasPrefix(reason, "memory: ") || !strings.Contains(reason, tt.says[i]) {
					t.Errorf("reason %q, want the class and %q", reason, tt.says[i])
				}
			}
		})
	}
}
