package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// Check is one of a drill's own proofs, beside RTO and RPO.
type Check struct {
	Name string
	// Before takes down what After compares with, just before the fault; nil when nothing is needed.
	Before func(context.Context, Site) (any, error)
	// After says in words what it found. An error that wraps ErrViolated is a finding against the
	// drill; any other means that the check could not be made, and the drill is not proven.
	After func(context.Context, Site) (detail string, err error)
}

// MarshalJSON writes the name: the functions are the program's own.
func (c Check) MarshalJSON() ([]byte, error) { return json.Marshal(c.Name) }

// Unchanged is a list of things that has to be the same after the recovery as before the fault.
type Unchanged struct {
	Name string // of the check
	What string // the things, in words
	List func(context.Context, Site) ([]string, error)
}

// Check makes the check. A list that was empty before the fault proves nothing.
func (u Unchanged) Check() Check {
	return Check{
		Name:   u.Name,
		Before: func(ctx context.Context, s Site) (any, error) { return u.List(ctx, s) },
		After: func(ctx context.Context, s Site) (string, error) {
			before, _ := s.Before.([]string)
			after, err := u.List(ctx, s)
			if err != nil {
				return "", err
			}
			return u.compare(before, after)
		},
	}
}

func (u Unchanged) compare(before, after []string) (string, error) {
	if len(before) == 0 {
		return "", errors.New("nothing was taken down before the fault")
	}
	var differences Differences
	for _, gone := range Missing(before, after) {
		differences = append(differences, "gone or changed: "+gone)
	}
	for _, fresh := range Missing(after, before) {
		differences = append(differences, "not there before: "+fresh)
	}
	if len(differences) > 0 {
		return "", differences
	}
	return fmt.Sprintf("all %d %s are as before", len(before), u.What), nil
}

// ErrViolated is a check's finding that what the drill is to prove does not hold.
var ErrViolated = errors.New("does not hold")

// Violated makes a finding.
func Violated(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrViolated, fmt.Sprintf(format, args...))
}

// Differences is a finding of many things that do not hold.
type Differences []string

// named is how many differences a reason quotes; the proof has all of them.
const named = 10

// Error names all of them.
func (d Differences) Error() string {
	return fmt.Sprintf("%s: %s", ErrViolated, strings.Join(d, "; "))
}

// Is makes it a finding.
func (d Differences) Is(target error) bool { return target == ErrViolated }

// Brief are the first of them, and how many there are.
func (d Differences) Brief() string {
	if len(d) <= named {
		return d.Error()
	}
	return fmt.Sprintf("%s: %d differences, the first %d: %s", ErrViolated, len(d), named, strings.Join(d[:named], "; "))
}

// finding is an error as a reason has it.
func finding(err error) string {
	var many Differences
	if errors.As(err, &many) {
		return many.Brief()
	}
	return err.Error()
}

// Missing are the elements of before that are not in after, in their order.
func Missing[T comparable](before, after []T) []T {
	there := make(map[T]bool, len(after))
	for _, element := range after {
		there[element] = true
	}
	var missing []T
	for _, element := range before {
		if !there[element] {
			missing = append(missing, element)
		}
	}
	return missing
}

// Common are the elements of a that are also in b, in their order.
func Common[T comparable](a, b []T) []T {
	gone := Missing(a, b)
	return Missing(a, gone)
}

// Site is where a check looks.
type Site struct {
	Stack   *fixtures.Stack
	Clients workload.Clients
	Ledger  *recovery.Ledger
	// Timeline holds the drill's instants so far, on the ledger's clock.
	Timeline *recovery.Timeline
	// Victims are the numbers of the writes that a fault on data may damage, by class.
	Victims workload.Canaries
	// Before is what the check's own Before took down.
	Before any
	// Injected is when the fault began to be injected, and Hit when that was done.
	Injected, Hit time.Duration
	// Harm is what the fault hit, in its own words; After only.
	Harm string
	// Submitted are the ids of the runs that the fault gave to the queue.
	Submitted []string
	// Damage is what a fault on data did to which rows, as far as it takes that down; After only.
	Damage faults.Damage
	// Steps are those of the recovery scripts as they went, and Facts what the scripts stated; After only.
	Steps []runbook.Step
	Facts map[string]string
	// Last is the last of the recovery scripts that were run; After only.
	Last runbook.Transcript
	// Run runs a script in the operator container of a stack, as recovery scripts are run; After only. Its transcript is
	// kept, and is no part of the recovery's.
	Run func(context.Context, *fixtures.Stack, Script) runbook.Transcript
	// Failures are the probe's since the fault, in the order in which they were asked; After only.
	Failures []error
	// Archive is the content of the archive's rows and keys before the fault.
	Archive []archive.Digest
	// Losses are what became of each class; After only.
	Losses map[recovery.Class]recovery.Loss
	// Snapshot is when the backup of the class was begun that was restored; After only.
	Snapshot map[recovery.Class]time.Duration
	// Since is when an instant was, on the drill's own clock.
	Since func(time.Time) time.Duration
}
