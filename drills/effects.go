package drills

import (
	"context"
	"fmt"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
)

// agreementTimeout is how long the engine may take to pass on what a worker said, once what it did is in a store.
const agreementTimeout = 10 * time.Second

// effectsAreTheWorkers compares what the database says that workers did with what they say themselves. A worker
// announces a step before it records it, and confirms it when the database has acknowledged it. So whenever it dies,
// what it has confirmed is recorded, and what is recorded was announced. What was announced alone may be there or not.
func effectsAreTheWorkers() Check {
	return Check{
		Name: "the database has the steps that the workers did, and no others",
		// What nobody announced and is there all the same was no worker's: the harness may have put it there.
		Before: func(ctx context.Context, s Site) (any, error) {
			e, err := readEffects(ctx, s)
			return e.unannounced(nil), err
		},
		After: func(ctx context.Context, s Site) (string, error) {
			others, _ := s.Before.([]string)
			var e effects
			wrong, err := AwaitNone(ctx, agreementTimeout, func(ctx context.Context) (wrong []string, err error) {
				e, err = readEffects(ctx, s)
				for _, effect := range e.unannounced(others) {
					wrong = append(wrong, "no worker did "+effect)
				}
				for _, effect := range e.missing(lostOf(s, recovery.Runs)) {
					wrong = append(wrong, "there is no row of "+effect)
				}
				return wrong, err
			})
			if err != nil {
				return "", err
			}
			if len(wrong) > 0 {
				return "", Violated("%d rows of step_effects are wrong, such as: %s (run, step, attempt, worker)", len(wrong), wrong[0])
			}
			if len(e.confirmed) == 0 {
				return "", fmt.Errorf("the workers confirmed no step")
			}
			return fmt.Sprintf("%d rows; the workers confirmed %d and announced %d", len(e.stored), len(e.confirmed), len(e.announced)), nil
		},
	}
}

// effects are executions of steps, as fixtures.Line.Effect names them.
type effects struct {
	stored               []string // in the database
	announced, confirmed map[string]time.Duration
}

// readEffects asks the database between two readings of the journal: what is confirmed in the first has to be stored,
// and what is stored has to be announced in the second.
func readEffects(ctx context.Context, s Site) (e effects, err error) {
	journal, err := s.Stack.Journal(ctx)
	if err != nil {
		return e, err
	}
	e.confirmed = deeds(journal, fixtures.Recorded, s.Since)
	if e.stored, err = s.Stack.StepEffects(ctx); err != nil {
		return e, err
	}
	if journal, err = s.Stack.Journal(ctx); err != nil {
		return e, err
	}
	e.announced = deeds(journal, fixtures.Begun, s.Since)
	return e, nil
}

// deeds are the effects of which the journal has the deed, each with its last instant.
func deeds(journal fixtures.Journal, deed fixtures.Deed, since func(time.Time) time.Duration) map[string]time.Duration {
	found := map[string]time.Duration{}
	for _, line := range journal {
		if line.Deed == deed {
			found[line.Effect()] = since(line.At)
		}
	}
	return found
}

// unannounced are the rows that no worker announced, without the others.
func (e effects) unannounced(others []string) (rows []string) {
	for _, row := range Missing(e.stored, others) {
		if _, announced := e.announced[row]; !announced {
			rows = append(rows, row)
		}
	}
	return rows
}

// missing are the effects that a worker confirmed and that are not stored, without those that the store has lost.
func (e effects) missing(lost span) (rows []string) {
	stored := map[string]bool{}
	for _, row := range e.stored {
		stored[row] = true
	}
	for effect, at := range e.confirmed {
		if !stored[effect] && !lost.has(at) {
			rows = append(rows, effect)
		}
	}
	return rows
}

// span is a time of the drill; the zero value is none.
type span struct{ from, to time.Duration }

func (s span) has(at time.Duration) bool { return s.to > s.from && at >= s.from && at <= s.to }

// laneSlack is more than passes between two writes of a class, and between a deed and the engine's note of it: by so
// much the end of what a store kept is known from its writes.
const laneSlack = time.Second

// lostOf is the time of which the class's store has lost the writes, if it lost any, and with them whatever else was
// written to it: what RPO judges is no finding again.
func lostOf(s Site, class recovery.Class) span {
	loss := s.Losses[class]
	recovered, begun := s.Timeline.At(recovery.RecoveryStarted)
	if loss.Lost == 0 || !begun {
		return span{}
	}
	return span{s.Injected - loss.Window - laneSlack, recovered}
}
