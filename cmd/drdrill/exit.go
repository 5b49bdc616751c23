package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
)

// exitCode is what drdrill ends with.
type exitCode int

const (
	exitMet       exitCode = 0 // every drill met its objective, or missed it within accepted risks; or the command did what it was asked
	exitMissed    exitCode = 1 // also: an accepted risk expired or closed; files are not those that were signed
	exitNotProven exitCode = 2 // also: the harness failed
	exitUsage     exitCode = 3 // nothing was started
)

// outcome ends a command that has told its story already: nothing more is printed.
type outcome exitCode

func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

// verdictOutcome is the end of a run with the verdict; nil for met.
func verdictOutcome(verdict string) error {
	switch verdict {
	case reports.Met:
		return nil
	case reports.Missed:
		return outcome(exitMissed)
	default:
		return outcome(exitNotProven)
	}
}

// usage is the error for a command that cannot be carried out as it was given.
func usage(format string, args ...any) error {
	return drills.UsageError{Err: fmt.Errorf(format, args...)}
}

// conclude prints what went wrong, if anything did, and finds the exit code.
func conclude(stderr io.Writer, err error) exitCode {
	var told outcome
	switch {
	case err == nil:
		return exitMet
	case errors.As(err, &told):
		return exitCode(told)
	}
	_, _ = fmt.Fprintf(stderr, "drdrill: %v\n", err) // the exit code tells, even when nobody reads this
	var asked drills.UsageError
	var damage *attest.Damage
	switch {
	case errors.As(err, &asked):
		return exitUsage
	case errors.As(err, &damage):
		return exitMissed
	default:
		return exitNotProven
	}
}
