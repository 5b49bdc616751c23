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
	Probes []Observation
	// FailedWrites are the instants at which writes were issued that got no acknowledgement.
	FailedWrites []time.Duration
}

// MeasureOutage finds the outage that followed the injection. The service must have answered
// right for the whole hold period after the last failure. With ErrNotRestored the Outage still
// has its impact.
func MeasureOutage(seen Seen, injected, hold time.Duration) (Outage, error) {
	first, last, any := failures(seen, injected)
	if !any {
		return Outage{}, ErrNoImpact
	}
	out := Outage{Impact: max(first, injected)}
	restored, ok := firstSuccess(seen.Probes, last)
	if !ok {
		return out, fmt.Errorf("%w: no right answer after the failure at %s", ErrNotRestored, Words(last))
	}
	end := seen.Probes[len(seen.Probes)-1].Answered
	if end < restored+hold {
		return out, fmt.Errorf("%w for the whole hold period of %s: the last failure was at %s, the watch ended at %s",
			ErrNotRestored, Words(hold), Words(last), Words(end))
	}
	out.Restored = restored
	out.Uncertainty = max(uncertainty(seen.Probes, out.Impact, restored), restored-last)
	return out, nil
}

// failures are the instants of the first and the last failure that the injection can have caused.
func failures(seen Seen, injected time.Duration) (first, last time.Duration, any bool) {
	note := func(at time.Duration) {
		if !any || at < first {
			first = at
		}
		if !any || at > last {
			last = at
		}
		any = true
	}
	for _, o := range seen.Probes {
		if o.Err != nil && o.Answered >= injected {
			note(o.Asked)
		}
	}
	for _, at := range seen.FailedWrites {
		if at >= injected {
			note(at)
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
