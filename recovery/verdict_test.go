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

// reasons are those of a judgement's findings.
func reasons(j *recovery.Judgement) (list []string) {
	for _, f := range j.Findings() {
		list = append(list, f.Reason)
	}
	return list
}

func TestJudgement(t *testing.T) {
	j := recovery.NewJudgement()
	if j.Verdict() != recovery.Met || len(reasons(j)) != 0 {
		t.Errorf("a new judgement is %s %v, want met", j.Verdict(), reasons(j))
	}
	j.Find(recovery.Met, "all is well")
	j.Find(recovery.Missed, "%d writes lost", 3)
	j.Find(recovery.NotProven, "no probe failed")
	j.FindOf(recovery.OfRTO, recovery.Missed, "too late")
	j.FindOf(recovery.OfRTO, recovery.Met, "in time")
	if j.Verdict() != recovery.NotProven {
		t.Errorf("verdict %s, want not-proven", j.Verdict())
	}
	want := []recovery.Finding{{"", recovery.Missed, "3 writes lost"}, {"", recovery.NotProven, "no probe failed"}, {"rto", recovery.Missed, "too late"}}
	if !slices.Equal(j.Findings(), want) {
		t.Errorf("findings %q, want %q", j.Findings(), want)
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

// judged is one loss as JudgeRPO sees it.
type judged struct {
	name   string
	loss   recovery.Loss
	by     recovery.Protection
	target time.Duration
	want   recovery.Verdict
	says   []string // what each reason must mention, in order
}

func judge(t *testing.T, tests []judged) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := recovery.JudgeRPO(recovery.Memory, tt.loss, tt.by, tt.target)
			if j.Verdict() != tt.want {
				t.Errorf("verdict %s, want %s", j.Verdict(), tt.want)
			}
			if len(reasons(j)) != len(tt.says) {
				t.Fatalf("reasons %q, want %d", reasons(j), len(tt.says))
			}
			for i, reason := range reasons(j) {
				if !strings.HasPrefix(reason, "memory: ") || !strings.Contains(reason, tt.says[i]) {
					t.Errorf("reason %q, want the class and %q", reason, tt.says[i])
				}
			}
		})
	}
}

// The drill of these tests: the newest backup was begun, the fault struck, and recovery began.
const snapshot, struck, until = 40 * time.Second, 60 * time.Second, 70 * time.Second

var (
	kept = recovery.Loss{Attempted: 10, Acknowledged: 10}
	wal  = recovery.Protection{By: "WAL", Until: until}
	aof  = recovery.Protection{By: "append-only file", Allows: 2 * time.Second, Until: until}
	// lenient explains whatever these tests lose, so that the target alone decides.
	lenient = recovery.Protection{By: "a slow disk", Allows: 24 * time.Hour, Until: until}
	hourly  = recovery.Protection{
		By: "backup-redis.sh", Policy: time.Hour - time.Minute, Snapshot: snapshot, Until: until, Lag: time.Second,
	}
)

// lost is a loss since the snapshot and up to the fault.
func lost(n int, window time.Duration) recovery.Loss {
	l := kept
	l.Lost, l.Window, l.FirstLost, l.LastLostIssued = n, window, snapshot+ms(1), struck
	return l
}

// What ends early loses its end. A loss out of the middle is explained by none of them, however short it is.
func TestJudgeRPOExplainsNoLossOutOfTheMiddle(t *testing.T) {
	hole := lost(5, ms(200))
	hole.Holes = 5
	for _, by := range []recovery.Protection{aof, hourly, shows(aof, 0)} {
		judge(t, []judged{{name: by.By, loss: hole, by: by, target: time.Hour * 2, want: recovery.Missed, says: []string{"5 of them though later ones are there"}}})
	}
}

func lostFrom(first time.Duration) recovery.Loss {
	l := lost(5, struck-first)
	l.FirstLost = first
	return l
}

func lostUntil(issued time.Duration) recovery.Loss {
	l := lost(5, ms(500))
	l.LastLostIssued = issued
	return l
}

func lostAll() recovery.Loss {
	l := lost(10, ms(500))
	l.Unbounded = true
	return l
}

// shows is the protection where the store says how far back its content ends.
func shows(p recovery.Protection, behind time.Duration) recovery.Protection {
	p.Behind, p.Position, p.Resolution = &behind, "the last WAL record", ms(10)
	return p
}

func TestJudgeRPOHoldsALossAgainstItsTarget(t *testing.T) {
	slow, slower := hourly, hourly
	slow.Lag, slower.Lag = time.Minute-1, time.Minute
	judge(t, []judged{
		{name: "continuous, nothing lost", loss: kept, by: wal, want: recovery.Met},
		{name: "continuous, nothing lost, target above zero", loss: kept, by: wal, target: time.Minute, want: recovery.Met},
		{name: "zero target, one write lost", loss: lost(1, ms(1)), by: lenient, want: recovery.Missed, says: []string{"1 acknowledged writes lost, a window of 1 ms; the target is 0 s"}},
		{name: "zero target, lost in no time", loss: lost(1, 0), by: lenient, want: recovery.Missed, says: []string{"1 acknowledged"}},
		{name: "continuous, lost below the target", loss: lost(5, time.Minute-1), by: lenient, target: time.Minute, want: recovery.Met},
		{name: "continuous, lost exactly the target", loss: lost(5, time.Minute), by: lenient, target: time.Minute, want: recovery.Missed, says: []string{"window of 1 min; the target is 1 min"}},
		{name: "unknown writes are no loss", loss: recovery.Loss{Attempted: 4, Acknowledged: 1, Unknown: 3}, by: wal, want: recovery.Met},
		{name: "nothing acknowledged", loss: recovery.Loss{Attempted: 4, Refused: 4}, by: wal, want: recovery.NotProven, says: []string{"nothing that was acknowledged"}},
		{name: "nothing attempted under a backup", by: hourly, target: time.Hour, want: recovery.NotProven, says: []string{"nothing"}},

		{name: "periodic, nothing lost", loss: kept, by: hourly, target: time.Hour, want: recovery.Met},
		{name: "periodic, projection below the target", loss: kept, by: slow, target: time.Hour, want: recovery.Met},
		{name: "periodic, projection at the target", loss: kept, by: slower, target: time.Hour, want: recovery.Missed, says: []string{"policy interval 59 min + completion lag 1 min"}},
		{name: "periodic, zero target", loss: kept, by: hourly, want: recovery.Missed, says: []string{"projected loss 59 min 1 s"}},
		{name: "periodic, the window is not what is judged", loss: lost(5, 2*time.Hour), by: hourly, target: time.Hour, want: recovery.Met},
	})
}

// Whatever the target allows, a loss that its protection does not explain misses it.
func TestJudgeRPOWantsALossThatTheProtectionExplains(t *testing.T) {
	const replaced, nothing = "issued after recovery had begun", "5 acknowledged writes lost, and nothing from before them is there"
	const target = time.Hour
	late, backedUp := lostAll(), aof
	late.LastLostIssued, backedUp.Snapshot = until+1, struck
	all := lostAll()
	all.Lost = 5
	judge(t, []judged{
		{name: "continuous, issued as recovery began", loss: lostUntil(until), by: aof, target: target, want: recovery.Met},
		{name: "continuous, issued after recovery began", loss: lostUntil(until + 1), by: aof, target: target, want: recovery.Missed, says: []string{"5 acknowledged writes lost, some of them " + replaced}},
		{name: "periodic, issued as recovery began", loss: lostUntil(until), by: hourly, target: target, want: recovery.Met},
		{name: "periodic, issued after recovery began", loss: lostUntil(until + 1), by: hourly, target: target, want: recovery.Missed, says: []string{replaced}},

		{name: "continuous, nothing kept from before", loss: all, by: lenient, target: target, want: recovery.Missed, says: []string{nothing}},
		{name: "periodic, nothing kept from before", loss: all, by: hourly, target: target, want: recovery.Missed, says: []string{nothing}},
		{name: "one reason is enough", loss: late, by: wal, target: target, want: recovery.Missed, says: []string{replaced}},

		{name: "periodic, lost from just before the snapshot", loss: lostFrom(snapshot - ms(1)), by: hourly, target: target, want: recovery.Missed,
			says: []string{"the first of them acknowledged 1 ms before the restored backup began"}},
		{name: "periodic, lost from the snapshot's instant", loss: lostFrom(snapshot), by: hourly, target: target, want: recovery.Met},
		{name: "periodic, lost from after the snapshot", loss: lostFrom(snapshot + ms(1)), by: hourly, target: target, want: recovery.Met},
		{name: "continuous, a snapshot explains nothing and forbids nothing", loss: lost(5, time.Second), by: backedUp, target: target, want: recovery.Met},

		{name: "continuous, none allowed, one lost", loss: lost(1, ms(1)), by: wal, target: target, want: recovery.Missed, says: []string{"a window of 1 ms; WAL explains 0 s"}},
		{name: "continuous, lost what it allows", loss: lost(5, 2*time.Second), by: aof, target: target, want: recovery.Met},
		{name: "continuous, lost more than it allows", loss: lost(5, 2*time.Second+ms(1)), by: aof, target: target, want: recovery.Missed,
			says: []string{"5 acknowledged writes lost, a window of 2.001 s; append-only file explains 2 s"}},
		{name: "continuous, what it allows is above the target", loss: lost(5, time.Second), by: aof, target: time.Second, want: recovery.Missed, says: []string{"the target is 1 s"}},
		{name: "continuous, more than it allows and than the target", loss: lost(5, 3*time.Second), by: aof, want: recovery.Missed, says: []string{"explains 2 s", "the target is 0 s"}},
	})
}

func TestJudgeRPOWantsDataIntact(t *testing.T) {
	judge(t, []judged{
		{name: "phantom", loss: recovery.Loss{Acknowledged: 1, Phantom: 1}, by: wal, want: recovery.Missed, says: []string{"1 phantom, 0 mutated, 0 duplicated"}},
		{name: "mutated under a backup", loss: recovery.Loss{Acknowledged: 1, Mutated: 2}, by: hourly, target: time.Hour, want: recovery.Missed, says: []string{"2 mutated"}},
		{name: "duplicated", loss: recovery.Loss{Acknowledged: 1, Duplicated: 3}, by: wal, want: recovery.Missed, says: []string{"3 duplicated"}},
	})
}

// What is missed of a class has a name for each way: who expects a loss over the target has not seen damage yet.
func TestJudgeRPONamesWhatIsMissed(t *testing.T) {
	damaged := lostFrom(snapshot - ms(1))
	damaged.Mutated = 1
	for _, tt := range []struct {
		loss recovery.Loss
		by   recovery.Protection
		want []string
	}{
		{kept, hourly, []string{"rpo memory"}},
		{lost(1, ms(1)), lenient, []string{"rpo memory"}},
		{damaged, hourly, []string{"damage memory", "unexplained loss memory", "rpo memory"}},
		{recovery.Loss{}, wal, []string{""}},
	} {
		var got []string
		for _, f := range recovery.JudgeRPO(recovery.Memory, tt.loss, tt.by, 0).Findings() {
			got = append(got, f.Of)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%+v: findings of %q, want %q", tt.loss, got, tt.want)
		}
	}
}

func TestJudgeRPOComparesLedgerAndStore(t *testing.T) {
	const target = time.Minute
	half := lost(1, ms(500))
	judge(t, []judged{
		{name: "store says the same", loss: half, by: shows(aof, ms(500)), target: target, want: recovery.Met},
		{name: "store is further back by no more than it can tell", loss: half, by: shows(aof, ms(510)), target: target, want: recovery.Met},
		{name: "store is less far back by no more than it can tell", loss: half, by: shows(aof, ms(490)), target: target, want: recovery.Met},
		{name: "store is further back", loss: half, by: shows(aof, ms(511)), target: target, want: recovery.NotProven,
			says: []string{"a loss window of 500 ms, the last WAL record shows 511 ms"}},
		{name: "store is less far back", loss: half, by: shows(aof, ms(489)), target: target, want: recovery.NotProven, says: []string{"disagree"}},
		{name: "store lacks what the ledger has not missed", loss: kept, by: shows(wal, time.Second), want: recovery.NotProven, says: []string{"disagree"}},
		{name: "store lacks nothing either", loss: kept, by: shows(wal, 0), want: recovery.Met},
		{name: "lost, and in disagreement", loss: half, by: shows(aof, 0), want: recovery.NotProven, says: []string{"disagree", "the target is 0 s"}},
		{name: "unexplained, and in disagreement", loss: half, by: shows(wal, 0), target: target, want: recovery.NotProven, says: []string{"disagree", "WAL explains 0 s"}},
		{name: "unexplained, though the store agrees", loss: half, by: shows(wal, ms(500)), target: target, want: recovery.Missed, says: []string{"WAL explains 0 s"}},
		{name: "what the store can tell widens nothing that is explained", loss: lost(1, ms(5)), by: shows(wal, ms(5)), target: target, want: recovery.Missed, says: []string{"a window of 5 ms; WAL explains 0 s"}},
		{name: "periodic, store agrees", loss: half, by: shows(hourly, ms(500)), target: time.Hour, want: recovery.Met},
		{name: "periodic, store disagrees", loss: half, by: shows(hourly, 0), target: time.Hour, want: recovery.NotProven, says: []string{"disagree"}},
	})
}
