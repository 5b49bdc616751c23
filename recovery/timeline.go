package recovery

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Event is the name of an instant of a drill.
type Event string

// The instants of a drill. Restored and impact are found in the probe's observations afterwards,
// the others are marked when they happen.
const (
	Began            Event = "began"
	SteadyState      Event = "steady state"
	Injected         Event = "injected"
	Impact           Event = "impact"
	Detected         Event = "detected"
	RecoveryStarted  Event = "recovery started"
	RecoveryFinished Event = "recovery finished"
	Restored         Event = "restored"
	Verified         Event = "verified"
)

// Mark is one instant of the timeline.
type Mark struct {
	Event Event
	At    time.Duration
}

// Timeline collects the instants of one drill. It is safe for concurrent use.
type Timeline struct {
	mu    sync.Mutex
	marks []Mark
}

// Mark notes that the event happened at the instant; the first mark of an event stands.
func (t *Timeline) Mark(event Event, at time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.marks {
		if m.Event == event {
			return
		}
	}
	t.marks = append(t.marks, Mark{event, at})
}

// At is the instant of an event, and whether it happened.
func (t *Timeline) At(event Event) (time.Duration, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.marks {
		if m.Event == event {
			return m.At, true
		}
	}
	return 0, false
}

// Marks are all instants, earliest first.
func (t *Timeline) Marks() []Mark {
	t.mu.Lock()
	defer t.mu.Unlock()
	marks := slices.Clone(t.marks)
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return marks
}
