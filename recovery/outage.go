package recovery

import (
	"errors"
	"fmt"
	"time"
)

// Outage is one interruption as a client saw it.
type Outage struct {
	Impact   time.Duration // the first failure
	Restored time.Duration // the first right answer after the last failure
	// Uncertainty is how far Restored can be off: the longest gap between two questions and the
	// slowest answer, from the impact on, and never less than the time since the last failure.
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
	Probes       []Observation
	FailedWrites []Failure
}

// Failure is a question or a write that got no right answer.
type Failure struct {
	At  time.Duration // when it was issued
	Err error         // what came instead
}

// MeasureOutage finds the outage that followed the injection. The service must have answered
// right for the whole hold period after the last failure. With ErrNotRestored the Outage still
// has its impact, and the error says what the last wrong answer was.
func MeasureOutage(seen Seen, injected, hold time.Duration) (Outage, error) {
	first, last, any := failures(seen, injected)
	if !any {
		return Outage{}, ErrNoImpact
	}
	out := Outage{Impact: max(first, injected)}
	restored, ok := firstSuccess(seen.Probes, last.At)
	if !ok {
		return out, fmt.Errorf("%w: no right answer after the failure at %s: %w", ErrNotRestored, Words(last.At), last.Err)
	}
	end := seen.Probes[len(seen.Probes)-1].Answered
	if end < restored+hold {
		return out, fmt.Errorf("%w for the whole hold period of %s: the watch ended at %s, the last failure was at %s: %w",
			ErrNotRestored, Words(hold), Words(end), Words(last.At), last.Err)
	}
	out.Restored = restored
	out.Uncertainty = max(uncertainty(seen.Probes, out.Impact, restored), restored-last.At)
	return out, nil
}

// failures are the instant of the first and all of the last failure that the injection can have caused.
func failures(seen Seen, injected time.Duration) (first time.Duration, last Failure, any bool) {
	note := func(at time.Duration, err error) {
		if !any || at < first {
			first = at
		}
		if !any || at > last.At {
			last = Failure{at, err}
		}
		any = true
	}
	for _, o := range seen.Probes {
		if o.Err != nil && o.Answered >= injected {
			note(o.Asked, o.Err)
		}
	}
	for _, w := range seen.FailedWrites {
		if w.At >= injected {
			note(w.At, w.Err)
		}
	}
	return first, last, any
}

func firstSuccess(probes []Observation, after time.Duration) (time.Duration, bool) {
	for _, o := range probes {
		if o.Err == nil && o.Asked > after {
			return o.Answered, true
		}
	}
	return 0, false
}

func uncertainty(probes []Observation, from, to time.Duration) time.Duration {
	var gap, slowest time.Duration
	for i, o := range probes {
		if o.Answered < from || o.Asked > to {
			continue
		}
		slowest = max(slowest, o.Answered-o.Asked)
		if i > 0 {
			gap = max(gap, o.Asked-probes[i-1].Answered)
		}
	}
	return max(gap, ProbeInterval) + slowest
}
