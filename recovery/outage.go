package recovery

import (
	"errors"
	"fmt"
	"time"
)

// Outage is one interruption as a client saw it.
type Outage struct {
	Impact   time.Duration // the first failure
	Restored time.Duration // the first right answer to a question that was asked after the last failure
	// Uncertainty is how far Restored can be off: the time since the last failure, or the time until each class of
	// writes that failed was acknowledged again, whichever is longer.
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
// right for the whole hold period after the last failure. With ErrNotRestored the Outage still
// has its impact, and the error says what the last wrong answer was.
func MeasureOutage(seen Seen, injected, hold time.Duration) (Outage, error) {
	failed := seen.failures(injected)
	if len(failed) == 0 {
		return Outage{}, ErrNoImpact
	}
	first, last, why := failed[0].from, failed[0].last, failed[0].err
	for _, f := range failed {
		if first = min(first, f.from); f.last >= last {
			last, why = f.last, f.err
		}
	}
	out := Outage{Impact: first}
	restored, ok := firstSuccess(seen.Probes, last)
	if !ok {
		return out, fmt.Errorf("%w: no right answer after the failure at %s: %w", ErrNotRestored, Words(last), why)
	}
	end := seen.Probes[len(seen.Probes)-1].Answered
	if end < restored+hold {
		return out, fmt.Errorf("%w for the whole hold period of %s: the watch ended at %s, the last failure was at %s: %w",
			ErrNotRestored, Words(hold), Words(end), Words(last), why)
	}
	written, err := seen.writtenAgain(injected)
	if err != nil {
		return out, err
	}
	for _, f := range failed {
		if f.given <= restored { // else it was overtaken by a right answer
			last = max(last, f.given)
		}
	}
	out.Restored = restored
	out.Uncertainty = max(restored-last, written-restored, ProbeInterval)
	return out, nil
}

// failure is a question, or a write, that got no right answer.
type failure struct {
	from time.Duration // when it was asked
	// last is up to when it surely tells that the service was away, and given when it was given up, if it was: until
	// then nobody had an answer, unless a question that was asked later had.
	last, given time.Duration
	err         error // what came instead
}

// failures are those that the injection can have caused. A question of the probe holds up no other one, so that it
// tells of the instant at which it was asked. A write holds up the next one of its connection: as long as it has
// no answer its class is not written.
func (s Seen) failures(injected time.Duration) (failed []failure) {
	for _, o := range s.Probes {
		if o.Err != nil && o.Answered >= injected {
			asked := max(o.Asked, injected) // it may have been on its way
			failed = append(failed, failure{from: asked, last: asked, given: o.givenUp(), err: o.Err})
		}
	}
	for _, class := range s.Writes {
		for _, o := range class.Writes {
			if o.Err != nil && o.Asked >= injected {
				failed = append(failed, failure{from: o.Asked, last: o.givenUp(), given: o.givenUp(), err: o.Err})
			}
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

// firstSuccess is when the first right answer came to a question that was asked after the instant.
func firstSuccess(log []Observation, after time.Duration) (first time.Duration, any bool) {
	for _, o := range log {
		if o.Err == nil && o.Asked > after && (!any || o.Answered < first) {
			first, any = o.Answered, true
		}
	}
	return first, any
}

// writtenAgain is when the last one of the classes that failed was acknowledged again; zero when none failed.
func (s Seen) writtenAgain(injected time.Duration) (again time.Duration, err error) {
	for _, class := range s.Writes {
		failed := time.Duration(-1)
		for _, o := range class.Writes {
			if o.Err != nil && o.Asked >= injected {
				failed = max(failed, o.Asked)
			}
		}
		if failed < 0 {
			continue
		}
		acknowledged, any := firstSuccess(class.Writes, failed)
		if !any {
			return 0, fmt.Errorf("%w: no write of %s was acknowledged after the one at %s", ErrNotRestored, class.Class, Words(failed))
		}
		again = max(again, acknowledged)
	}
	return again, nil
}
