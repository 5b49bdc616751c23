package playbook

import (
	"context"
	"fmt"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// smallDiskMiB is the size of PostgreSQL's disk where a fault fills it, beside what the archive takes, and roomMiB what has to be
// free on it after a recovery, beside the ballast.
const (
	smallDiskMiB = 384
	roomMiB      = 64
)

func fullDisk() drills.Drill {
	return drills.Drill{
		Name: "postgres-disk-full", Scenario: postgresDown, Title: "PostgreSQL's disk is full of write-ahead log",
		Recovery: "remove the ballast, start, drop the abandoned slot, have the server remove its log, limit slots, put the ballast back",
		Proves:   "nothing acknowledged is lost; a slot that is abandoned again cannot fill the disk",
		Limits: "The disk is a file system in memory of a fixed size: it refuses what a full disk refuses, and keeps what it took over the end of all of the server's processes. " +
			"Loss of power is not rehearsed. A disk that has no ballast has to be made larger, or PostgreSQL copied to a larger one.",
		Labels: []string{"scenario=postgres", "store=postgres"},
		Needs:  fixtures.Needs{PostgresDisk: smallDiskMiB},
		Probe:  workload.Database, Fault: faults.FillDisk{},
		Scripts:   []drills.Script{{Name: "make-postgres-room.sh"}},
		Objective: objective(postgresRTO), Settle: settle, Changes: []drills.Change{slotsAreLimited},
		Checks: []drills.Check{nothingLost(), diskHasRoom(), cannotFillAgain()},
	}
}

func diskHasRoom() drills.Check {
	return drills.Check{
		Name:   "there is room on the disk, and the ballast is back",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.BallastMiB(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(int)
			ballast, err := s.Stack.BallastMiB(ctx)
			if err != nil {
				return "", err
			}
			if before == 0 || ballast < before {
				return "", drills.Violated("the ballast has %d MiB, and had %d before the fault", ballast, before)
			}
			free, err := s.Stack.FreeMiB(ctx)
			if err != nil {
				return "", err
			}
			if free < roomMiB {
				return "", drills.Violated("%d MiB are free, less than %d", free, roomMiB)
			}
			return fmt.Sprintf("%d MiB are free, and the ballast has its %d MiB", free, ballast), nil
		},
	}
}

// cannotFillAgain does once more what filled the disk.
func cannotFillAgain() drills.Check {
	return drills.Check{
		Name: "a slot that is abandoned again cannot fill the disk",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			free, err := s.Stack.TryFillDisk(ctx)
			if err != nil {
				return "", drills.Violated("the server does not stand it: %s", err)
			}
			return fmt.Sprintf("after as much log as the disk is large %d MiB are free", free), nil
		},
	}
}
