package playbook

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// Scenario 3 while the server runs, and other clients keep it from serving.
func postgresSessionDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "postgres-connections-exhausted", Scenario: postgresDown, Title: "Idle clients have taken all of PostgreSQL's connections",
		Recovery: "find whose idle sessions take the slots, limit that role, end them",
		Proves:   "diagnosis queries get in; only idle sessions of the client that leaks are ended, and it cannot take all slots again",
		Limits:   "Clients renew their connections several times a second, so that they notice soon. Pools that renew theirs seldom notice as late.",
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Probe:    workload.Database, Lifetime: 250 * time.Millisecond, Fault: faults.LeakSessions{},
		Scripts:   []drills.Script{{Name: "free-postgres-connections.sh"}},
		Objective: objective(postgresRTO), Settle: settle, Changes: readerIsLimited,
		Checks: []drills.Check{diagnosedWhileFull(), onlyTheLeakedEnded(), cannotExhaustAgain(), nothingLost()},
	}, {
		Name: "postgres-lock-pileup", Scenario: postgresDown, Title: "A forgotten transaction blocks the writers",
		Recovery: "find the session that blocks and is not blocked itself; end it",
		Proves:   "only the blocker was ended: who waited for it, a migration among them, went on",
		Limits:   "The blocker is idle in its transaction. One that is at work is left alone, and the procedure says so.",
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Probe:    workload.Database, Fault: faults.ForgetTransaction{},
		Scripts:   []drills.Script{{Name: "end-postgres-blocker.sh"}},
		Objective: objective(postgresRTO), Settle: settle,
		Checks: []drills.Check{onlyTheBlockerEnded(), migrationWentOn(), nothingLost()},
	}}
}

// renewing is how many clients may have been between two connections at the instant of a count.
const renewing = 5

// diagnosedWhileFull holds what the procedure's own diagnosis says against what a superuser saw who asked
// when the connections had just been taken: a count that was made up, or taken when there was room again, shows nothing.
func diagnosedWhileFull() drills.Check {
	return drills.Check{
		Name: "diagnosis queries get in while all connections are taken",
		After: func(_ context.Context, s drills.Site) (string, error) {
			seen := s.Stack.Crowd()
			if seen.Sessions < seen.Slots-renewing {
				return "", fmt.Errorf("%d sessions had %d slots after the fault: there was room", seen.Sessions, seen.Slots)
			}
			sessions, err := strconv.Atoi(s.Facts["sessions"])
			if err != nil {
				return "", drills.Violated("the procedure states no number of sessions")
			}
			slots, err := strconv.Atoi(s.Facts["slots"])
			if err != nil || slots != seen.Slots {
				return "", drills.Violated("the procedure states %q slots, and ordinary clients have %d", s.Facts["slots"], seen.Slots)
			}
			if off := sessions - seen.Sessions; max(off, -off) > renewing {
				return "", drills.Violated("the diagnosis states %d sessions, and there were %d when all %d slots were taken", sessions, seen.Sessions, slots)
			}
			return fmt.Sprintf("a superuser counted %d sessions where ordinary clients may have %d; the diagnosis says %d", seen.Sessions, slots, sessions), nil
		},
	}
}

// takeEnded takes down which sessions were ended before the fault: none of them is the recovery's.
func takeEnded(ctx context.Context, s drills.Site) (any, error) { return s.Stack.EndedSessions(ctx) }

func onlyTheLeakedEnded() drills.Check {
	return drills.Check{
		Name:   "only idle sessions of the client that leaks were ended",
		Before: takeEnded,
		After: func(ctx context.Context, s drills.Site) (string, error) {
			ended, err := endedSince(ctx, s, s.Stack.Leaked())
			if err != nil {
				return "", err
			}
			if !s.Stack.ReaderWorks() {
				return "", drills.Violated("the session of that client that was at work is gone too")
			}
			return fmt.Sprintf("%d idle sessions were ended; the one that was at work goes on", ended), nil
		},
	}
}

// endedSince is how many sessions were ended since the fault. It is a finding if one of them is not
// among those that had to be, or none was.
func endedSince(ctx context.Context, s drills.Site, rightly []uint32) (int, error) {
	before, _ := s.Before.([]uint32)
	after, err := s.Stack.EndedSessions(ctx)
	if err != nil {
		return 0, err
	}
	ended := drills.Missing(after, before)
	if wrongly := drills.Missing(ended, rightly); len(wrongly) > 0 {
		return 0, drills.Violated("%d sessions were ended that were in nobody's way, such as that of process %d", len(wrongly), wrongly[0])
	}
	if len(ended) == 0 {
		return 0, drills.Violated("no session was ended")
	}
	return len(ended), nil
}

// cannotExhaustAgain leaks once more, as hard as it can, and then an ordinary client comes. That one
// may get in by chance, into a slot that has just fallen free: half of the slots have to be left.
func cannotExhaustAgain() drills.Check {
	return drills.Check{
		Name: "the client that leaked cannot take all connections again",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			refused, err := s.Stack.LeakUntilFull(ctx)
			if err != nil {
				return "", err
			}
			held, slots, err := s.Stack.ReaderSlots(ctx)
			if err != nil {
				return "", err
			}
			if held > slots/2 {
				return "", drills.Violated("it took %d of %d slots until it was refused (%s)", held, slots, refused)
			}
			conn, err := s.Clients.Postgres(ctx)
			if err != nil {
				return "", drills.Violated("after %d more sessions of the client that leaked no other gets in: %s", held, err)
			}
			return fmt.Sprintf("it was refused (%s) with %d of %d slots; another client got in", refused, held, slots), conn.Close(ctx)
		},
	}
}

func onlyTheBlockerEnded() drills.Check {
	return drills.Check{
		Name:   "only the blocker was ended",
		Before: takeEnded,
		After: func(ctx context.Context, s drills.Site) (string, error) {
			blocker := s.Stack.Forgotten()
			if _, err := endedSince(ctx, s, []uint32{blocker}); err != nil {
				return "", err
			}
			return fmt.Sprintf("the session of the forgotten transaction, process %d, is the only one that was ended", blocker), nil
		},
	}
}

// migrationTimeout is how long a migration that waits for nothing any more may take.
const migrationTimeout = 10 * time.Second

func migrationWentOn() drills.Check {
	return drills.Check{
		Name: "the migration that waited went on",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			ctx, cancel := context.WithTimeout(ctx, migrationTimeout)
			defer cancel()
			if err := s.Stack.Migration(ctx); err != nil {
				return "", drills.Violated("it did not end well: %s", err)
			}
			return "it got its lock and ended well", nil
		},
	}
}
