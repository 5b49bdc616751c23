package recovery

import "time"

// Phase is one part of a recovery time.
type Phase struct {
	Name string
	Took time.Duration
}

// Span is a named stretch of the drill, such as a script's step.
type Span struct {
	Name     string
	From, To time.Duration
}

// Phases splits the time from the injection to the restored service. They add up to the whole:
// what comes after the service was restored is in none of them, and time between two steps
// belongs to the step before.
func Phases(t *Timeline, steps []Span) []Phase {
	injected, hit := t.At(Injected)
	restored, back := t.At(Restored)
	if !hit || !back {
		return nil
	}
	var phases []Phase
	at := injected
	until := func(name string, to time.Duration) {
		to = min(to, restored)
		if to > at {
			phases = append(phases, Phase{name, to - at})
			at = to
		}
	}
	for _, p := range []struct {
		name string
		end  Event
	}{{"impact", Impact}, {"detection", Detected}, {"decision", RecoveryStarted}} {
		if end, ok := t.At(p.end); ok {
			until(p.name, end)
		}
	}
	for i, s := range steps {
		to := s.To
		if i+1 < len(steps) {
			to = steps[i+1].From
		}
		until(s.Name, to)
	}
	until("settle", restored)
	return phases
}
