package recovery_test

import (
	"errors"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"testing/quick"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

// history is a random life of a store: every write with its outcome, and what became of it.
type history struct {
	writes   []write
	copies   [][]recovery.Hash // of each write, as found in the store
	strays   []recovery.Row    // rows that nobody wrote
	injected time.Duration
	seed     int64 // of the order in which rows are read
}

// Generate makes a history of up to size writes.
func (history) Generate(random *rand.Rand, size int) reflect.Value {
	h := history{injected: ms(random.Intn(3 * (size + 1))), seed: random.Int63()}
	for seq := range random.Intn(size + 1) {
		settled := 1 + random.Intn(3*size)
		h.writes = append(h.writes, write{recovery.Outcome(random.Intn(3)), random.Intn(settled + 1), settled})
		h.copies = append(h.copies, nil)
		for range []int{0, 1, 1, 1, 2, 3}[random.Intn(6)] {
			hash := hashOf(seq)
			if random.Intn(5) == 0 {
				hash = 1
			}
			h.copies[seq] = append(h.copies[seq], hash)
		}
	}
	for range random.Intn(3) {
		h.strays = append(h.strays, recovery.Row{Seq: -1}, recovery.Row{Seq: len(h.writes) + random.Intn(5)})
	}
	return reflect.ValueOf(h)
}

func (h history) rows() []recovery.Row {
	rows := slices.Clone(h.strays)
	for seq, copies := range h.copies {
		for _, hash := range copies {
			rows = append(rows, recovery.Row{Seq: seq, Hash: hash})
		}
	}
	rand.New(rand.NewSource(h.seed)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

func (h history) check() recovery.Loss {
	return ledgerOf(h.writes).Check(recovery.Runs, slices.Values(h.rows()), h.injected)
}

// expected counts the same by the words of the definition, write by write.
func (h history) expected() recovery.Loss {
	want := recovery.Loss{Attempted: len(h.writes), Phantom: len(h.strays)}
	for seq, w := range h.writes {
		copies := h.copies[seq]
		wrong := slices.ContainsFunc(copies, func(hash recovery.Hash) bool { return hash != hashOf(seq) })
		switch {
		case w.outcome == recovery.Refused:
			want.Refused++
			want.Phantom += min(1, len(copies))
			continue
		case w.outcome == recovery.Unknown:
			want.Unknown++
		case len(copies) == 0:
			want.Acknowledged++
			want.Lost++
		default:
			want.Acknowledged++
		}
		if len(copies) > 1 {
			want.Duplicated++
		}
		if wrong {
			want.Mutated++
		}
	}
	h.expectWindow(&want)
	return want
}

// expectWindow finds the span of what is lost.
func (h history) expectWindow(want *recovery.Loss) {
	var kept, survivors, lost, issued []time.Duration
	for seq, w := range h.writes {
		switch {
		case w.outcome != recovery.Acknowledged:
		case len(h.copies[seq]) == 0:
			lost, issued = append(lost, ms(w.settled)), append(issued, ms(w.issued))
		default:
			kept, survivors = append(kept, ms(w.settled)), append(survivors, ms(w.issued))
		}
	}
	if len(lost) == 0 {
		return
	}
	for _, at := range lost {
		if slices.ContainsFunc(survivors, func(issued time.Duration) bool { return issued > at && issued < h.injected }) {
			want.Holes++
		}
	}
	want.FirstLost, want.LastLostIssued = slices.Min(lost), slices.Max(issued)
	before := slices.DeleteFunc(kept, func(at time.Duration) bool { return at >= want.FirstLost })
	want.Unbounded = len(before) == 0
	want.Window = max(h.injected, slices.Max(lost)) - slices.Max(append(before, 0))
}

func TestCheckCountsEveryHistoryByItsDefinition(t *testing.T) {
	property(t, func(h history) bool {
		got, want := h.check(), h.expected()
		if got != want {
			t.Logf("got  %+v\nwant %+v", got, want)
		}
		return got == want
	})
}

// A lost write that turns up is no longer lost, and nothing else changes: so none is both. What is
// left of the loss reaches no further in any direction.
func TestNoAcknowledgedWriteIsBothFoundAndLost(t *testing.T) {
	property(t, func(h history) bool {
		for seq, w := range h.writes {
			if w.outcome != recovery.Acknowledged || len(h.copies[seq]) > 0 {
				continue
			}
			before := h.check()
			h.copies[seq] = []recovery.Hash{hashOf(seq)}
			after := h.check()
			if after.Lost != before.Lost-1 || after.Window > before.Window ||
				after.LastLostIssued > before.LastLostIssued || after.Unbounded && !before.Unbounded {
				return false
			}
			before.Lost, before.Window, before.FirstLost = after.Lost, after.Window, after.FirstLost
			before.LastLostIssued, before.Unbounded = after.LastLostIssued, after.Unbounded
			before.Holes = after.Holes // what turned up may be later than what is still lost
			if before != after {
				return false
			}
		}
		return h.check().Lost == 0
	})
}

// course is a random drill: instants and steps, in no order at all.
type course struct {
	timeline           *recovery.Timeline
	steps              []recovery.Span
	injected, restored time.Duration
}

func (course) Generate(random *rand.Rand, size int) reflect.Value {
	at := func() time.Duration { return time.Duration(random.Intn(10 * (size + 1))) }
	c := course{timeline: new(recovery.Timeline), injected: at()}
	c.restored = c.injected + at()
	c.timeline.Mark(recovery.Injected, c.injected)
	c.timeline.Mark(recovery.Restored, c.restored)
	for _, event := range []recovery.Event{recovery.Impact, recovery.Detected, recovery.RecoveryStarted} {
		if random.Intn(4) > 0 {
			c.timeline.Mark(event, at())
		}
	}
	for range random.Intn(6) {
		from := at()
		c.steps = append(c.steps, recovery.Span{Name: "step", From: from, To: from + at()})
	}
	return reflect.ValueOf(c)
}

func TestPhasesAddUpToTheRecoveryTime(t *testing.T) {
	property(t, func(c course) bool {
		var sum time.Duration
		for _, p := range recovery.Phases(c.timeline, c.steps) {
			if p.Took <= 0 {
				return false
			}
			sum += p.Took
		}
		return sum == c.restored-c.injected
	})
}

// pulse is a random watch: probes side by side, and writes one after the other.
type pulse struct {
	seen           recovery.Seen
	injected, hold time.Duration
}

func (pulse) Generate(random *rand.Rand, size int) reflect.Value {
	var p pulse
	var now time.Duration
	for range random.Intn(size + 1) {
		o := recovery.Observation{Asked: now, Answered: now + ms(random.Intn(12))}
		if random.Intn(3) == 0 {
			o.Err = errDown
		}
		p.seen.Probes = append(p.seen.Probes, o)
		now += ms(1 + random.Intn(5))
	}
	span := int(now/ms(1)) + 1
	var writes []recovery.Observation
	for at := 0; at < span; at += 1 + random.Intn(20) {
		o := recovery.Observation{Asked: ms(at), Answered: ms(at + random.Intn(3))}
		if random.Intn(3) == 0 {
			o.Err = errDown
		}
		writes = append(writes, o)
	}
	p.seen.Writes = []recovery.Writes{{Class: recovery.Runs, Writes: writes}}
	p.injected, p.hold = ms(random.Intn(span)), ms(random.Intn(span))
	return reflect.ValueOf(p)
}

func TestNothingFailsAfterRestored(t *testing.T) {
	property(t, func(p pulse) bool {
		out, err := recovery.MeasureOutage(p.seen, p.injected, p.hold)
		if err != nil {
			return errors.Is(err, recovery.ErrNoImpact) || errors.Is(err, recovery.ErrNotRestored)
		}
		for _, o := range p.seen.Probes {
			if o.Err != nil && o.Asked >= out.Restored {
				return false
			}
		}
		for _, o := range p.seen.Writes[0].Writes {
			if o.Err != nil && o.Asked >= out.Restored {
				return false
			}
		}
		end := p.seen.Probes[len(p.seen.Probes)-1].Answered
		return p.injected <= out.Impact && out.Impact <= out.Restored &&
			out.Restored+p.hold <= end && out.Uncertainty >= recovery.ProbeInterval
	})
}

func property(t *testing.T, holds any) {
	t.Helper()
	if err := quick.Check(holds, &quick.Config{MaxCount: 500}); err != nil {
		t.Error(err)
	}
}
