package recovery

import (
	"errors"
	"fmt"
	"time"
)

// Outage is one interruption as a client saw it.
type Outage struct {
	Impact   time.Duration // the first failure
	Restored time.Duration // when clients had right answers again: the probe, and each class of writes that had failed
	// Uncertainty is how much earlier clients could have had them, had they asked at other instants: for so long
	// before the question that was answered right nobody was asking. It is never less than ProbeInterval.
	Uncertainty time.Duration
}

// Why an outage cannot be measured.
var (
	// ErrNoImpact: an outage was expected and no probe and no write failed.
	ErrNoImpact = errors.New("no probe failed and no write was refused after the fault")
	// ErrNotRestored: the service did not come back, or not for the whole hold period.
	ErrNotRestored = errors.New("the service was not restored")
)

// Seen is what clients saw of the service.
type Seen struct {
	Probes []Observation // in the order in which they were asked
	Writes []Writes
}

// Writes are those of one class that have been answered, in the order in which they were issued. An error says
// that a write was not acknowledged.
type Writes struct {
	Class  Class
	Writes []Observation
}

// MeasureOutage finds the outage that followed the injection. The service must have answered
// right for the whole hold period after it was restored. With ErrNotRestored the Outage still
// has its impact, and the error says what the last wrong answer was.
func MeasureOutage(seen Seen, injected, hold time.Duration) (Outage, error) {
	failed := seen.failures(injected)
	if len(failed) == 0 {
		return Outage{}, ErrNoImpact
	}
	first, last := failed[0].from, failed[0]
	for _, f := range failed {
		if first = min(first, f.from); f.until >= last.until {
			last = f
		}
	}
	out := Outage{Impact: first}
	asked, any := comeBack(seen.Probes, failed)
	if !any {
		return out, fmt.Errorf("%w: no right answer after the failure at %s: %w", ErrNotRestored, Words(last.until), last.err)
	}
	all := []comeback{asked}
	for _, class := range seen.Writes {
		failed := class.failures(injected)
		if len(failed) == 0 {
			continue
		}
		written, any := comeBack(class.Writes, failed)
		if !any {
			return out, fmt.Errorf("%w: no write of %s was acknowledged after the one at %s",
				ErrNotRestored, class.Class, Words(failed[len(failed)-1].from))
		}
		all = append(all, written)
	}
	var noEarlier time.Duration
	for _, c := range all {
		out.Restored, noEarlier = max(out.Restored, c.at), max(noEarlier, c.at-c.unasked)
	}
	out.Uncertainty = max(out.Restored-noEarlier, ProbeInterval)
	if end := seen.Probes[len(seen.Probes)-1].Answered; end < out.Restored+hold {
		return Outage{Impact: first}, fmt.Errorf("%w for the whole hold period of %s: the watch ended at %s, the last failure was at %s: %w",
			ErrNotRestored, Words(hold), Words(end), Words(last.until), last.err)
	}
	return out, nil
}

// failure is a question, or a write, that got no right answer.
type failure struct {
	from time.Duration // when it was asked
	// until is up to when it tells that the service was away, and given when it was given up, if it was: until
	// then nobody had an answer, unless a question that was asked later had.
	until, given time.Duration
	err          error // what came instead
}

// failures are those that the injection can have caused. A question of the probe holds up no other one, so that it
// tells of the instant at which it was asked. A write holds up the next one of its connection: as long as it has
// no answer its class is not written.
func (s Seen) failures(injected time.Duration) (failed []failure) {
	for _, o := range s.Probes {
		if o.Err != nil && o.Answered >= injected {
			asked := max(o.Asked, injected) // it may have been on its way
			failed = append(failed, failure{from: asked, until: asked, given: o.givenUp(), err: o.Err})
		}
	}
	for _, class := range s.Writes {
		failed = append(failed, class.failures(injected)...)
	}
	return failed
}

// failures are the writes that failed of those that were issued after the injection.
func (w Writes) failures(injected time.Duration) (failed []failure) {
	for _, o := range w.Writes {
		if o.Err != nil && o.Asked >= injected {
			failed = append(failed, failure{from: o.Asked, until: o.givenUp(), given: o.givenUp(), err: o.Err})
		}
	}
	return failed
}

// givenUp is when a question without an answer was given up; of one that was answered it is when it was asked,
// since the answer may have been made at once and have taken its time on the way.
func (o Observation) givenUp() time.Duration {
	if o.Answered-o.Asked >= ProbeTimeout {
		return o.Answered
	}
	return o.Asked
}

// comeback is when clients had a right answer again.
type comeback struct {
	at      time.Duration
	unasked time.Duration // so long before the question that it answers nobody was asking
}

// comeBack finds the first right answer to a question that was asked after the last of the failures. Until it came its
// client was not served: a server that takes its time for the first answer is not back before.
func comeBack(log []Observation, failed []failure) (first comeback, any bool) {
	var last time.Duration
	for _, f := range failed {
		last = max(last, f.until)
	}
	var asked time.Duration
	for _, o := range log {
		if o.Err == nil && o.Asked >= last && (!any || o.Answered < first.at) {
			first.at, asked, any = o.Answered, o.Asked, true
		}
	}
	for _, o := range log {
		if o.Asked < asked { // it has failed, or had no answer either
			last = max(last, o.Asked)
		}
	}
	for _, f := range failed {
		if f.given <= first.at { // else it was overtaken by the right answer
			last = max(last, f.given)
		}
	}
	first.unasked = max(0, asked-last)
	return first, any
}
