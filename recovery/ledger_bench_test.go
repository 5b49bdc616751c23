package recovery_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
)

// sizes are the ledgers of a drill of hours, and of one under heavy load.
var sizes = []int{1_000_000, 10_000_000}

// record notes n writes as the workload does: issued, sealed, settled.
func record(ledger *recovery.Ledger, c recovery.Class, n int) {
	for range n {
		seq := ledger.Issue(c, ms(1))
		ledger.Seal(c, seq, hashOf(seq))
		ledger.Settle(c, seq, recovery.Acknowledged, ms(2))
	}
}

// BenchmarkLedgerRecord records from one client, and from one a class, side by side.
func BenchmarkLedgerRecord(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%dM", n/1e6), func(b *testing.B) {
			var ledger *recovery.Ledger
			before := heap()
			for b.Loop() {
				ledger = new(recovery.Ledger)
				record(ledger, recovery.Runs, n)
			}
			reportRate(b, n)
			b.ReportMetric(float64(heap()-before)/float64(n), "bytes/entry")
			runtime.KeepAlive(ledger)
		})
		b.Run(fmt.Sprintf("%dM/five-clients", n/1e6), func(b *testing.B) {
			classes := recovery.Classes()
			for b.Loop() {
				var ledger recovery.Ledger
				var clients sync.WaitGroup
				for _, c := range classes {
					clients.Go(func() { record(&ledger, c, n/len(classes)) })
				}
				clients.Wait()
			}
			reportRate(b, n)
		})
	}
}

// BenchmarkLedgerCheck compares a store that lost one write in a thousand.
func BenchmarkLedgerCheck(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%dM", n/1e6), func(b *testing.B) {
			var ledger recovery.Ledger
			record(&ledger, recovery.Runs, n)
			store := func(yield func(recovery.Row) bool) {
				for seq := range n {
					if seq%1000 != 0 && !yield(recovery.Row{Seq: seq, Hash: hashOf(seq)}) {
						return
					}
				}
			}
			for b.Loop() {
				if loss := ledger.Check(recovery.Runs, store, ms(3)); loss.Lost != n/1000 {
					b.Fatalf("%d lost, want %d", loss.Lost, n/1000)
				}
			}
			reportRate(b, n)
		})
	}
}

func reportRate(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// heap is the memory in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
