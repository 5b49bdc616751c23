package recovery

import (
	"iter"
	"time"
)

// Row is one write as found in a store. Seq is negative for a row that no write of ours can have made.
type Row struct {
	Seq  int
	Hash Hash
}

// Loss is what became of the writes of one class. Counts are of writes; one that is in the store
// twice, once with another payload, is both duplicated and mutated.
type Loss struct {
	Attempted    int
	Acknowledged int
	Refused      int
	Unknown      int
	Lost         int // acknowledged, and not in the store
	Phantom      int // in the store, and never attempted, or refused
	Mutated      int // in the store with another payload
	Duplicated   int // in the store more than once
	// Window is the time whose writes are lost: from the acknowledgement of the last write before
	// the first lost one to the injection, or to the last lost acknowledgement where that is later.
	// Zero when nothing is lost.
	Window time.Duration
	// FirstLost is when the first lost write was acknowledged; zero when none is lost.
	FirstLost time.Duration
	// LastLostIssued is when the last lost write was issued; zero when none is lost.
	LastLostIssued time.Duration
	// Holes are the lost writes that a later one survives: it was issued in the same lane, before the injection, and after
	// the lost one had been acknowledged. What ends early, such as a log, a replica or a snapshot, loses none like that.
	Holes int
	// Unbounded means that the loss has no window: nothing from before the first lost write is there.
	Unbounded bool
}

// Intact says that the store holds nothing but what was written, as it was written, once.
func (l Loss) Intact() bool { return l.Phantom == 0 && l.Mutated == 0 && l.Duplicated == 0 }

// Check compares what the store holds with what was attempted of the class. It judges the writes
// by what was known of them when it began: where the workload still runs, a later one is left
// out, and a later acknowledgement leaves its write unknown.
func (l *Ledger) Check(c Class, rows iter.Seq[Row], injected time.Duration) Loss {
	marks := l.marks(c)
	loss := Loss{Attempted: len(marks)}
	for row := range rows {
		e, attempted := l.Entry(c, row.Seq)
		switch {
		case !attempted:
			loss.Phantom++
		case row.Seq < len(marks):
			marks[row.Seq].find(e.Hash == row.Hash)
		}
	}
	var gone lossWindow
	survivor := l.lastSurvivors(c, marks, injected)
	l.first(c, len(marks), func(seq int, e Entry) bool {
		loss.count(marks[seq])
		if marks[seq].lost() {
			if latest, any := survivor[l.lane(c, seq)]; any && e.Settled < latest {
				loss.Holes++
			}
			gone.lost(e.Settled)
			loss.LastLostIssued = max(loss.LastLostIssued, e.Issued)
		}
		return true
	})
	if loss.Lost > 0 {
		loss.FirstLost = gone.first
		kept := l.lastKept(c, marks, gone.first)
		loss.Window, loss.Unbounded = max(injected, gone.last)-kept, kept == 0
	}
	return loss
}

// lastSurvivors are when the latest write of each lane was issued that is in the store and was issued before the instant.
func (l *Ledger) lastSurvivors(c Class, marks []mark, before time.Duration) map[int]time.Duration {
	last := map[int]time.Duration{}
	l.first(c, len(marks), func(seq int, e Entry) bool {
		if marks[seq].kept() && e.Issued < before {
			lane := l.lane(c, seq)
			last[lane] = max(last[lane], e.Issued)
		}
		return true
	})
	return last
}

func (l *Ledger) lane(c Class, seq int) int {
	if l.Lane == nil {
		return 0
	}
	return l.Lane(c, seq)
}

// mark is what a check knows of one write, in a byte: its outcome, and how it was found.
type mark uint8

const (
	outcomeMask mark = 1<<2 - 1
	found       mark = 1 << 2
	again       mark = 1 << 3 // found more than once
	altered     mark = 1 << 4 // found with another payload
)

// marks are the outcomes of the writes so far.
func (l *Ledger) marks(c Class) []mark {
	marks := make([]mark, l.Len(c))
	l.first(c, len(marks), func(seq int, e Entry) bool {
		marks[seq] = mark(e.Outcome)
		return true
	})
	return marks
}

func (m mark) outcome() Outcome  { return Outcome(m & outcomeMask) }
func (m mark) is(flag mark) bool { return m&flag != 0 }
func (m mark) lost() bool        { return m.outcome() == Acknowledged && !m.is(found) }
func (m mark) kept() bool        { return m.outcome() == Acknowledged && m.is(found) }

func (m *mark) find(same bool) {
	if m.is(found) {
		*m |= again
	}
	if !same {
		*m |= altered
	}
	*m |= found
}

// count adds one write.
func (l *Loss) count(m mark) {
	switch m.outcome() {
	case Acknowledged:
		l.Acknowledged++
	case Refused:
		l.Refused++
	case Unknown:
		l.Unknown++
	}
	if m.outcome() == Refused && m.is(found) {
		l.Phantom++
		return
	}
	if m.lost() {
		l.Lost++
	}
	if m.is(again) {
		l.Duplicated++
	}
	if m.is(altered) {
		l.Mutated++
	}
}

// lossWindow is the span of the lost acknowledgements.
type lossWindow struct {
	first, last time.Duration
	any         bool
}

func (w *lossWindow) lost(at time.Duration) {
	if !w.any || at < w.first {
		w.first = at
	}
	w.last = max(w.last, at)
	w.any = true
}

// lastKept is the latest acknowledgement before the instant whose write is in the store; zero,
// the beginning of the drill, when there is none.
func (l *Ledger) lastKept(c Class, marks []mark, before time.Duration) time.Duration {
	var kept time.Duration
	l.first(c, len(marks), func(seq int, e Entry) bool {
		if marks[seq].kept() && e.Settled < before {
			kept = max(kept, e.Settled)
		}
		return true
	})
	return kept
}
