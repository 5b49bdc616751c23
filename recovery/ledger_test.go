package recovery_test

import (
	"crypto/sha256"
	"sync"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestLedgerKeepsAWrite(t *testing.T) {
	var ledger recovery.Ledger
	seq := ledger.Issue(recovery.Audit, ms(10))
	if e, ok := ledger.Entry(recovery.Audit, seq); !ok || e != (recovery.Entry{Issued: ms(10)}) {
		t.Errorf("issued: got %+v, %v; want an unknown write issued at 10ms", e, ok)
	}
	ledger.Seal(recovery.Audit, seq, 42)
	ledger.Settle(recovery.Audit, seq, recovery.Refused, ms(12))
	want := recovery.Entry{Issued: ms(10), Settled: ms(12), Hash: 42, Outcome: recovery.Refused}
	if e, _ := ledger.Entry(recovery.Audit, seq); e != want {
		t.Errorf("settled: got %+v, want %+v", e, want)
	}
}

func TestLedgerKnowsWhatWasNeverAttempted(t *testing.T) {
	var ledger recovery.Ledger
	if _, ok := ledger.Entry(recovery.Runs, 0); ok {
		t.Error("an empty ledger has an entry")
	}
	ledger.Issue(recovery.Runs, 0)
	for _, seq := range []int{-1, 1} {
		if _, ok := ledger.Entry(recovery.Runs, seq); ok {
			t.Errorf("the ledger of one write has an entry %d", seq)
		}
	}
	if _, ok := ledger.Entry(recovery.Audit, 0); ok {
		t.Error("a write of one class is in another")
	}
}

// lengths are those around which batches and chunks of the ledger end.
var lengths = []int{0, 1, 255, 256, 257, 8191, 8192, 8193, 20000}

func TestEachGivesEveryWriteInOrder(t *testing.T) {
	for _, n := range lengths {
		var ledger recovery.Ledger
		for i := range n {
			ledger.Seal(recovery.Runs, ledger.Issue(recovery.Runs, ms(i)), recovery.Hash(i))
		}
		next := 0
		ledger.Each(recovery.Runs, func(seq int, e recovery.Entry) bool {
			if seq != next || e.Hash != recovery.Hash(seq) || e.Issued != ms(seq) {
				t.Fatalf("%d writes: entry %d is %d: %+v", n, next, seq, e)
			}
			next++
			return true
		})
		if next != n {
			t.Errorf("%d writes: Each gave %d", n, next)
		}
	}
}

func TestEachStopsWhenToldTo(t *testing.T) {
	var ledger recovery.Ledger
	for range 1000 {
		ledger.Issue(recovery.Runs, 0)
	}
	calls := 0
	ledger.Each(recovery.Runs, func(seq int, _ recovery.Entry) bool { calls++; return seq < 300 })
	if calls != 301 {
		t.Errorf("Each called %d times, want 301", calls)
	}
}

// A reader of the ledger may use it while it reads, and sees only what was there at the start.
func TestEachHoldsNoLock(t *testing.T) {
	var ledger recovery.Ledger
	for range 10 {
		ledger.Issue(recovery.Runs, 0)
	}
	calls := 0
	ledger.Each(recovery.Runs, func(seq int, _ recovery.Entry) bool {
		ledger.Settle(recovery.Runs, ledger.Issue(recovery.Runs, 0), recovery.Refused, 0)
		calls++
		return true
	})
	if calls != 10 || ledger.Len(recovery.Runs) != 20 {
		t.Errorf("Each gave %d writes of %d, want 10 of 20", calls, ledger.Len(recovery.Runs))
	}
}

func TestLedgerTakesWritersSideBySide(t *testing.T) {
	const writers, writes = 8, 2000
	var ledger recovery.Ledger
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range writes {
				seq := ledger.Issue(recovery.Memory, ms(1))
				ledger.Seal(recovery.Memory, seq, recovery.Hash(seq))
				ledger.Settle(recovery.Memory, seq, recovery.Acknowledged, ms(2))
			}
		})
	}
	reading := func(int, recovery.Entry) bool { return true }
	ledger.Each(recovery.Memory, reading)
	group.Wait()
	if n := ledger.Len(recovery.Memory); n != writers*writes {
		t.Fatalf("%d writes, want %d", n, writers*writes)
	}
	ledger.Each(recovery.Memory, func(seq int, e recovery.Entry) bool {
		if e.Hash != recovery.Hash(seq) || e.Outcome != recovery.Acknowledged {
			t.Errorf("write %d is %+v", seq, e)
		}
		return !t.Failed()
	})
}

func TestHashIsTheHeadOfTheSHA256(t *testing.T) {
	// The SHA-256 of "abc" is in FIPS 180-2: ba7816bf 8f01cfea …
	if got := recovery.HashOf([]byte("abc")); got != 0xba7816bf8f01cfea {
		t.Errorf("HashOf(abc) = %016x", uint64(got))
	}
	sum := sha256.Sum256([]byte("abc"))
	if recovery.HashFrom(sum[:]) != recovery.HashOf([]byte("abc")) {
		t.Error("HashFrom and HashOf differ for the same payload")
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	for outcome, want := range map[recovery.Outcome]string{
		recovery.Unknown: "unknown", recovery.Acknowledged: "acknowledged", recovery.Refused: "refused",
	} {
		if got := outcome.String(); got != want {
			t.Errorf("outcome %d is %q, want %q", outcome, got, want)
		}
	}
}
