package recovery_test

import (
	"slices"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// write is an attempted write of a table: its outcome, and when it was issued and settled. Its sequence
// number is its place, its payload's hash 100 more.
type write struct {
	outcome         recovery.Outcome
	issued, settled int // ms
}

// acked is a write that took a millisecond to be acknowledged.
func acked(settled int) write { return write{recovery.Acknowledged, settled - 1, settled} }

func ledgerOf(writes []write) *recovery.Ledger {
	ledger := new(recovery.Ledger)
	for _, w := range writes {
		seq := ledger.Issue(recovery.Runs, ms(w.issued))
		ledger.Seal(recovery.Runs, seq, hashOf(seq))
		if w.outcome != recovery.Unknown {
			ledger.Settle(recovery.Runs, seq, w.outcome, ms(w.settled))
		}
	}
	return ledger
}

func hashOf(seq int) recovery.Hash { return recovery.Hash(100 + seq) }

// rows are right rows of the store.
func rows(seqs ...int) []recovery.Row {
	var rows []recovery.Row
	for _, seq := range seqs {
		rows = append(rows, recovery.Row{Seq: seq, Hash: hashOf(seq)})
	}
	return rows
}

func TestCheck(t *testing.T) {
	const injected = 100 // ms
	refused, unknown := write{recovery.Refused, 49, 50}, write{outcome: recovery.Unknown, issued: 49}
	three := []write{acked(10), acked(20), acked(30)}
	tests := []struct {
		name   string
		writes []write
		rows   []recovery.Row
		want   recovery.Loss
	}{
		{name: "nothing written, nothing found"},
		{
			name: "row in an empty ledger", rows: rows(0),
			want: recovery.Loss{Phantom: 1},
		},
		{
			name: "all there", writes: three, rows: rows(0, 1, 2),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3},
		},
		{
			name: "all there in another order", writes: three, rows: rows(2, 0, 1),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3},
		},
		{
			name: "all lost: the window reaches back to the beginning", writes: three,
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 3, Window: ms(injected), FirstLost: ms(10), LastLostIssued: ms(29), Unbounded: true},
		},
		{
			name: "tail lost before the injection", writes: three, rows: rows(0),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 2, Window: ms(injected - 10), FirstLost: ms(20), LastLostIssued: ms(29)},
		},
		{
			name: "a hole counts from the write before it", writes: three, rows: rows(0, 2),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 1, Holes: 1, Window: ms(injected - 10), FirstLost: ms(20), LastLostIssued: ms(19)},
		},
		{
			name: "a write that was under way when the lost one was acknowledged may have been before it", writes: []write{acked(10), acked(20), {recovery.Acknowledged, 15, 30}}, rows: rows(0, 2),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 1, Window: ms(injected - 10), FirstLost: ms(20), LastLostIssued: ms(19)},
		},
		{
			name: "what was written into the restored store survives no loss", writes: []write{acked(10), acked(20), acked(130)}, rows: rows(0, 2),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 1, Window: ms(injected - 10), FirstLost: ms(20), LastLostIssued: ms(19)},
		},
		{
			name: "lost after the injection: the window ends there", writes: []write{acked(10), acked(120), acked(150)}, rows: rows(0),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 2, Window: ms(150 - 10), FirstLost: ms(120), LastLostIssued: ms(149)},
		},
		{
			name: "acknowledged out of order", writes: []write{acked(40), acked(20), acked(30)}, rows: rows(1),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 2, Window: ms(injected - 20), FirstLost: ms(30), LastLostIssued: ms(39)},
		},
		{
			name: "kept at the same instant as the first lost is not before it", writes: []write{acked(10), acked(20), acked(20)}, rows: rows(0, 1),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Lost: 1, Window: ms(injected - 10), FirstLost: ms(20), LastLostIssued: ms(19)},
		},
		{
			name: "unknown and absent is no loss", writes: []write{acked(10), unknown}, rows: rows(0),
			want: recovery.Loss{Attempted: 2, Acknowledged: 1, Unknown: 1},
		},
		{
			name: "unknown and present is no phantom", writes: []write{acked(10), unknown}, rows: rows(0, 1),
			want: recovery.Loss{Attempted: 2, Acknowledged: 1, Unknown: 1},
		},
		{
			name: "unknown keeps no window short", writes: []write{acked(10), unknown, acked(60)}, rows: rows(0, 1),
			want: recovery.Loss{Attempted: 3, Acknowledged: 2, Unknown: 1, Lost: 1, Window: ms(injected - 10), FirstLost: ms(60), LastLostIssued: ms(59)},
		},
		{
			name: "unknown with another payload", writes: []write{unknown}, rows: []recovery.Row{{Seq: 0, Hash: 1}},
			want: recovery.Loss{Attempted: 1, Unknown: 1, Mutated: 1},
		},
		{
			name: "refused and absent", writes: []write{refused},
			want: recovery.Loss{Attempted: 1, Refused: 1},
		},
		{
			name: "refused and present", writes: []write{refused}, rows: rows(0),
			want: recovery.Loss{Attempted: 1, Refused: 1, Phantom: 1},
		},
		{
			name: "refused and present twice with two payloads is one phantom", writes: []write{refused}, rows: []recovery.Row{{Seq: 0, Hash: 1}, {Seq: 0, Hash: 2}},
			want: recovery.Loss{Attempted: 1, Refused: 1, Phantom: 1},
		},
		{
			name: "rows that no write of ours made", writes: three, rows: append(rows(0, 1, 2, 3), recovery.Row{Seq: -1}),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Phantom: 2},
		},
		{
			name: "another payload is mutated, not lost", writes: three, rows: append(rows(0, 2), recovery.Row{Seq: 1, Hash: 7}),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Mutated: 1},
		},
		{
			name: "three copies are one duplicated write", writes: three, rows: rows(0, 1, 1, 2, 1),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Duplicated: 1},
		},
		{
			name: "duplicated, once with another payload", writes: three, rows: append(rows(0, 1, 2), recovery.Row{Seq: 1, Hash: 7}),
			want: recovery.Loss{Attempted: 3, Acknowledged: 3, Mutated: 1, Duplicated: 1},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ledgerOf(tt.writes).Check(recovery.Runs, slices.Values(tt.rows), ms(injected))
			if got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// A loss has a window only where a write that was acknowledged before it is in the store.
func TestCheckFindsWhereALossBegins(t *testing.T) {
	refused, unknown := write{recovery.Refused, 4, 5}, write{outcome: recovery.Unknown, issued: 4}
	tests := []struct {
		name      string
		writes    []write
		rows      []recovery.Row
		unbounded bool
	}{
		{name: "nothing lost", writes: []write{acked(10)}, rows: rows(0)},
		{name: "nothing acknowledged", writes: []write{unknown, refused}},
		{name: "the only write lost", writes: []write{acked(10)}, unbounded: true},
		{name: "the first write kept", writes: []write{acked(10), acked(20)}, rows: rows(0)},
		{name: "the first write lost", writes: []write{acked(10), acked(20)}, rows: rows(1), unbounded: true},
		{name: "kept a millisecond before", writes: []write{acked(20), acked(19)}, rows: rows(1)},
		{name: "kept at the same instant", writes: []write{acked(20), acked(20)}, rows: rows(1), unbounded: true},
		{name: "issued before and acknowledged after", writes: []write{acked(20), {recovery.Acknowledged, 1, 21}}, rows: rows(1), unbounded: true},
		{name: "unknown and present before", writes: []write{unknown, acked(20)}, rows: rows(0), unbounded: true},
		{name: "refused and present before", writes: []write{refused, acked(20)}, rows: rows(0), unbounded: true},
		{name: "nobody's row", writes: []write{acked(20)}, rows: []recovery.Row{{Seq: -1}, {Seq: 1}}, unbounded: true},
		{name: "kept before with another payload", writes: []write{acked(10), acked(20)}, rows: []recovery.Row{{Seq: 0, Hash: 7}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ledgerOf(tt.writes).Check(recovery.Runs, slices.Values(tt.rows), ms(100))
			if got.Unbounded != tt.unbounded {
				t.Errorf("unbounded: %v, want %v: %+v", got.Unbounded, tt.unbounded, got)
			}
		})
	}
}

func TestCheckFindsWhenTheLastLostWriteWasIssued(t *testing.T) {
	tests := []struct {
		name   string
		writes []write
		rows   []recovery.Row
		want   time.Duration
	}{
		{name: "nothing lost", writes: []write{acked(10), acked(20)}, rows: rows(0, 1)},
		{name: "the later of two", writes: []write{acked(10), acked(30), acked(50)}, rows: rows(0), want: ms(49)},
		{name: "issued last, acknowledged first", writes: []write{acked(10), {recovery.Acknowledged, 60, 70}, {recovery.Acknowledged, 20, 90}}, rows: rows(0), want: ms(60)},
		{name: "a later one is kept", writes: []write{acked(10), acked(30), acked(50)}, rows: rows(0, 2), want: ms(29)},
		{name: "a later one is unknown", writes: []write{acked(10), acked(30), {outcome: recovery.Unknown, issued: 60}}, rows: rows(0), want: ms(29)},
		{name: "a later one is refused", writes: []write{acked(10), acked(30), {recovery.Refused, 60, 61}}, rows: rows(0), want: ms(29)},
		{name: "long after the injection", writes: []write{acked(10), acked(900)}, rows: rows(0), want: ms(899)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ledgerOf(tt.writes).Check(recovery.Runs, slices.Values(tt.rows), ms(100))
			if got.LastLostIssued != tt.want {
				t.Errorf("the last lost write was issued at %s, want %s", got.LastLostIssued, tt.want)
			}
		})
	}
}

// While rows are read the workload may go on. What it writes then is judged by nobody: it cannot be
// expected in rows that were read before.
func TestCheckBesideARunningWorkload(t *testing.T) {
	ledger := ledgerOf([]write{acked(10), {outcome: recovery.Unknown, issued: 19}})
	store := func(yield func(recovery.Row) bool) {
		late := ledger.Issue(recovery.Runs, ms(30))
		ledger.Seal(recovery.Runs, late, hashOf(late))
		ledger.Settle(recovery.Runs, late, recovery.Acknowledged, ms(31))
		ledger.Settle(recovery.Runs, 1, recovery.Acknowledged, ms(32))
		for _, row := range rows(0, late) {
			if !yield(row) {
				return
			}
		}
	}
	got := ledger.Check(recovery.Runs, store, ms(100))
	if want := (recovery.Loss{Attempted: 2, Acknowledged: 1, Unknown: 1}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestIntact(t *testing.T) {
	tests := map[recovery.Loss]bool{
		{}:                       true,
		{Lost: 3, Window: ms(1)}: true, // what is lost is judged by its window
		{Unknown: 1, Refused: 1}: true,
		{Phantom: 1}:             false,
		{Mutated: 1}:             false,
		{Duplicated: 1}:          false,
	}
	for loss, want := range tests {
		if got := loss.Intact(); got != want {
			t.Errorf("%+v is intact: %v, want %v", loss, got, want)
		}
	}
}

func TestWindowIsZeroWithoutLoss(t *testing.T) {
	got := ledgerOf([]write{acked(10)}).Check(recovery.Runs, slices.Values(rows(0)), 5*time.Hour)
	if got.Window != 0 {
		t.Errorf("nothing is lost, yet the window is %s", got.Window)
	}
}

// A hole is one in the lane of the lost write: logs of different shards end at different instants.
func TestHolesAreCountedByLane(t *testing.T) {
	writes := []write{acked(10), acked(20), acked(30), acked(40)} // the second is lost
	for _, tt := range []struct {
		name string
		lane func(recovery.Class, int) int
		want int
	}{
		{"one log", nil, 1},
		{"a later one survives in the same of two", func(_ recovery.Class, seq int) int { return seq % 2 }, 1},
		{"later ones survive in the other alone", func(_ recovery.Class, seq int) int { return min(1, seq/2) }, 0},
	} {
		ledger := ledgerOf(writes)
		ledger.Lane = tt.lane
		if loss := ledger.Check(recovery.Runs, slices.Values(rows(0, 2, 3)), ms(100)); loss.Holes != tt.want {
			t.Errorf("%s: %d holes, want %d", tt.name, loss.Holes, tt.want)
		}
	}
}
