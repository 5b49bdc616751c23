package recovery

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Probe asks the service once, as a client would. A nil error is a right answer.
type Probe func(ctx context.Context) error

// The pace of a probe. The interval stays below 10 ms with the answer's time counted in; a probe
// that has no answer after ProbeTimeout has failed.
const (
	ProbeInterval = 5 * time.Millisecond
	ProbeTimeout  = 500 * time.Millisecond
)

// Observation is one answer of a probe.
type Observation struct {
	Asked    time.Duration
	Answered time.Duration
	Err      error
}

// Watch is the log of a probe. It is safe for concurrent use.
type Watch struct {
	mu           sync.Mutex
	observations []Observation
	lastFailure  *Observation
	down         chan struct{} // closed at the first failure after Arm
	armed        bool
}

// NewWatch returns an empty log.
func NewWatch() *Watch { return &Watch{down: make(chan struct{})} }

// Observe notes one answer.
func (w *Watch) Observe(o Observation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.observations = append(w.observations, o)
	if o.Err != nil {
		w.lastFailure = &o
	}
	if o.Err != nil && w.armed {
		w.armed = false
		close(w.down)
	}
}

// Arm makes Down tell of the next failure. It can be armed once.
func (w *Watch) Arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = true
}

// Down is closed at the first failure after Arm.
func (w *Watch) Down() <-chan struct{} { return w.down }

// Observations are all answers so far, in the order in which they were asked.
func (w *Watch) Observations() []Observation {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.observations)
}

// LastFailure is the latest wrong or missing answer, and whether there is any.
func (w *Watch) LastFailure() (Observation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lastFailure == nil {
		return Observation{}, false
	}
	return *w.lastFailure, true
}

// Last is the latest answer, and whether there is any.
func (w *Watch) Last() (Observation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.observations) == 0 {
		return Observation{}, false
	}
	return w.observations[len(w.observations)-1], true
}

// Keep asks the probe every ProbeInterval until the context ends. A slow answer delays the next
// question: the gap is in the log, and so in the measurement's uncertainty.
func (w *Watch) Keep(ctx context.Context, clock Clock, probe Probe) {
	tick := time.NewTicker(ProbeInterval)
	defer tick.Stop()
	for {
		asked := clock.Now()
		err := ask(ctx, probe)
		if ctx.Err() != nil {
			return // the answer is the end of the watch, not of the service
		}
		w.Observe(Observation{Asked: asked, Answered: clock.Now(), Err: err})
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func ask(ctx context.Context, probe Probe) error {
	ctx, cancel := context.WithTimeout(ctx, ProbeTimeout)
	defer cancel()
	return probe(ctx)
}
