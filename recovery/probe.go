package recovery

import (
	"context"
	"sync"
	"time"
)

// Probe asks the service once, as a client would. A nil error is a right answer. Questions are asked
// side by side, each on a connection of its own.
type Probe func(ctx context.Context) error

// The usual pace of a probe. A question without an answer after ProbeTimeout has failed, and holds up none of
// those after it.
const (
	ProbeInterval = 8 * time.Millisecond
	ProbeTimeout  = 500 * time.Millisecond
	// ProbesOpen is how many questions may be without an answer, each on a connection of its own. A service that hangs has
	// a few less: with each one that is open the next is asked ProbeInterval later, and the first is given up meanwhile.
	ProbesOpen = 15
)

// Observation is one question to the service and its answer.
type Observation struct {
	Asked    time.Duration
	Answered time.Duration
	Err      error
}

// Watch is the log of a probe. It is safe for concurrent use.
type Watch struct {
	every       time.Duration
	mu          sync.Mutex
	questions   []question // in the order in which they were asked
	settled     int        // so many of the first of them have been answered
	open        int        // so many have not
	lastFailure *Observation
	down        chan struct{} // closed at the first failure after Arm
	armed       bool
}

type question struct {
	Observation
	answered bool
}

// NewWatch returns an empty log of a probe that is asked so often: every ProbeInterval, unless several drills share the machine.
func NewWatch(every time.Duration) *Watch { return &Watch{every: every, down: make(chan struct{})} }

// Observe notes a question and its answer.
func (w *Watch) Observe(o Observation) { w.answer(w.ask(o.Asked), o.Answered, o.Err) }

// ask notes a question that is about to be asked, and returns its number.
func (w *Watch) ask(at time.Duration) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.questions = append(w.questions, question{Observation: Observation{Asked: at}})
	w.open++
	return len(w.questions) - 1
}

// answer notes what came of a question.
func (w *Watch) answer(number int, at time.Duration, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	q := &w.questions[number]
	q.Answered, q.Err, q.answered = at, err, true
	w.open--
	for w.settled < len(w.questions) && w.questions[w.settled].answered {
		w.settled++
	}
	if err == nil {
		return
	}
	failure := q.Observation
	w.lastFailure = &failure
	if w.armed {
		w.armed = false
		close(w.down)
	}
}

// due says whether a question is to be asked at that instant: the later the more of them are without an answer. A server
// that is coming back on a busy machine answers the sooner the fewer it is asked at a time.
func (w *Watch) due(at time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open < 2 {
		return true
	}
	return w.open < ProbesOpen && at >= w.questions[len(w.questions)-1].Asked+time.Duration(w.open)*w.every
}

// Arm makes Down tell of the next failure. It can be armed once.
func (w *Watch) Arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = true
}

// Down is closed at the first failure after Arm.
func (w *Watch) Down() <-chan struct{} { return w.down }

// Observations are the questions with their answers, in the order in which they were asked, up to the first
// one that has no answer yet: it may still fail, whatever became of those after it.
func (w *Watch) Observations() []Observation {
	w.mu.Lock()
	defer w.mu.Unlock()
	observations := make([]Observation, w.settled)
	for i, q := range w.questions[:w.settled] {
		observations[i] = q.Observation
	}
	return observations
}

// LastFailure is the wrong or missing answer that was known last, and whether there is any.
func (w *Watch) LastFailure() (Observation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lastFailure == nil {
		return Observation{}, false
	}
	return *w.lastFailure, true
}

// Last is the last one of Observations, and whether there is any.
func (w *Watch) Last() (Observation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.settled == 0 {
		return Observation{}, false
	}
	return w.questions[w.settled-1].Observation, true
}

// Keep asks the probe at the watch's interval until the context ends, whatever became of the questions before. Only
// where several of them are without an answer it asks less often, and not at all with ProbesOpen: the gap is in
// the log, and so in the measurement's uncertainty. It returns when no question is open any more.
func (w *Watch) Keep(ctx context.Context, clock Clock, probe Probe) {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	var asking sync.WaitGroup
	defer asking.Wait()
	for {
		if now := clock.Now(); w.due(now) {
			number := w.ask(now)
			asking.Go(func() {
				err := ask(ctx, probe)
				if ctx.Err() == nil { // else it is the end of the watch, not of the service
					w.answer(number, clock.Now(), err)
				}
			})
		}
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
