package playbook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 3 with the write-ahead log outside of the volume.
func postgresWALDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "postgres-volume-loss-pitr", Scenario: postgresDown, Title: "PostgreSQL loses its volume; base backup and streamed log are there",
		Recovery: "restore the newest verified base backup, replay the streamed log to its end, stream again",
		Proves:   "an RPO of 0 for runs and audit logs; afterwards commits wait for the receiver again",
		Limits:   "Commits wait for the receiver: while it is down none is acknowledged. Loss of the receiver's volume together with PostgreSQL's is not rehearsed.",
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Needs:    fixtures.Needs{WALArchive: true, ObjectStore: true},
		Probe:    workload.Database, Fault: faults.Destroy{Service: "postgres"},
		Backups:    []drills.Backup{baseBackup()},
		Safeguards: []drills.Safeguard{streamedLog()},
		Scripts:    []drills.Script{{Name: "restore-postgres-pitr.sh"}},
		Objective:  objective(postgresRTO), Settle: settle, Changes: targetStays(),
		Checks: []drills.Check{nothingLost(), commitsWaitForReceiver()},
	}, operatorError(), damagedPages()}
}

// streamedLog keeps what PostgreSQL holds when its volume does not.
func streamedLog() drills.Safeguard {
	return drills.Safeguard{
		By:      "write-ahead log, streamed synchronously to another volume",
		Protect: []recovery.Class{recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors},
	}
}

// baseBackup is what the streamed log is replayed on. The log protects the classes, so that how old
// the base backup is costs time and no data.
func baseBackup() drills.Backup {
	return drills.Backup{Script: "backup-postgres-base.sh", Every: compressed, Policy: basePolicy}
}

const (
	// heldFor is how long a commit is given while the receiver stands still, and letGo how long when it goes on.
	heldFor = time.Second
	letGo   = 10 * time.Second
)

// commitsWaitForReceiver shows that a second loss of the volume would cost nothing either.
func commitsWaitForReceiver() drills.Check {
	return drills.Check{
		Name: "protection is back: commits wait for the receiver",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if runs, err := s.Stack.Running(ctx, "wal-receiver"); err != nil || !runs {
				return "", errors.Join(err, drills.Violated("the receiver does not run"))
			}
			held := fmt.Sprintf("held %016x", rand.Uint64())
			err := s.Stack.WhileReceiverIsHeld(ctx, func(ctx context.Context) error { return commitWithin(ctx, s.Stack, heldFor, held) })
			if err == nil {
				return "", drills.Violated("a commit was acknowledged while the receiver stood still")
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				return "", err
			}
			free := fmt.Sprintf("free %016x", rand.Uint64())
			if err := commitWithin(ctx, s.Stack, letGo, free); err != nil {
				return "", drills.Violated("no commit is acknowledged though the receiver runs: %s", err)
			}
			return received(ctx, s.Stack, free)
		},
	}
}

func commitWithin(ctx context.Context, s *fixtures.Stack, limit time.Duration, text string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return s.CommitMark(ctx, text)
}

// received checks that the receiver has what was just acknowledged, on the timeline that the server is on.
func received(ctx context.Context, s *fixtures.Stack, text string) (string, error) {
	segment, err := s.ReceivedSegment(ctx, text)
	if err != nil {
		return "", err
	}
	timeline, err := s.Timeline(ctx)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(segment, timeline) {
		return "", drills.Violated("an acknowledged commit is not in the receiver's log of timeline %s, but in %q", timeline, segment)
	}
	return "none was acknowledged while the receiver stood still; the next one was in its segment " + segment, nil
}
