package playbook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

const (
	firstPostgres  = "postgres"
	secondPostgres = "postgres-standby"
)

// Scenario 3 with a synchronous standby.
func standbyPromotion() drills.Drill {
	return drills.Drill{
		Name: "postgres-standby-promote", Scenario: postgresDown, Title: "The PostgreSQL primary is lost; a synchronous standby is there",
		Recovery: "fence the old primary, promote the standby, send clients to it, rebuild the old primary as a synchronous standby",
		Proves:   "an RPO of 0; the old primary cannot come back and write, before it is rebuilt and after",
		Limits: "From the promotion until the old primary is rebuilt commits wait for no second server: loss of the new primary in that time is not rehearsed. " +
			"Nobody starts the old primary before it is fenced. The application itself, which holds its own connections, is not rehearsed.",
		Labels: []string{"scenario=postgres", "store=postgres"},
		Needs:  fixtures.Needs{Standby: true},
		Probe:  workload.Database, Fault: faults.LosePrimary{Service: firstPostgres},
		Safeguards: []drills.Safeguard{{
			By:      "synchronous standby",
			Protect: []recovery.Class{recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors},
		}},
		Scripts:   []drills.Script{{Name: "promote-postgres.sh"}},
		Objective: objective(postgresRTO), Settle: settle, Changes: []drills.Change{standbySettingsStay},
		Checks: []drills.Check{
			standbyTookOver(), lostPrimaryIsFenced(), commitsWaitForStandby(), standbyHoldsTheSame(), nothingLost(),
		},
	}
}

func standbyTookOver() drills.Check {
	return drills.Check{
		Name:   "clients are served by the standby that was promoted",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.Timeline(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(string)
			after, err := s.Stack.Timeline(ctx)
			if err != nil {
				return "", err
			}
			if after <= before {
				return "", drills.Violated("the server is on timeline %s, as before the fault: nothing was promoted", after)
			}
			return fmt.Sprintf("the server is on timeline %s, and was on %s before the fault", after, before), nil
		},
	}
}

func lostPrimaryIsFenced() drills.Check {
	return drills.Check{
		Name: "the old primary cannot come back and take writes",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			back, during := s.Stack.Haunted()
			if !back {
				return "", notStartedAgain(ctx, s)
			}
			switch {
			case during.Taken > 0:
				return "", drills.Violated("started again after the promotion, it took %d writes", during.Taken)
			case during.Refused == 0:
				return "", errors.New("started again after the promotion, it answered no write before it was rebuilt: whether it was fenced was not seen")
			}
			rebuilt, err := s.Stack.KillAndWrite(ctx, firstPostgres)
			switch {
			case rebuilt.Taken > 0:
				return "", drills.Violated("it took a write after it was rebuilt, killed and started again")
			case rebuilt.Refused > 0 && err != nil:
				return "", drills.Violated("killed and started again, it takes no writes, and is no standby either: %s", err)
			case err != nil:
				return "", err
			}
			return fmt.Sprintf("started again after the promotion, it took none of the writes that were sent straight to it, and refused %d before it was rebuilt; "+
				"killed and started again after it was rebuilt, it refused all %d", during.Refused, rebuilt.Refused), nil
		},
	}
}

// notStartedAgain says why the old primary was not started behind the recovery's back: nothing was promoted.
func notStartedAgain(ctx context.Context, s drills.Site) error {
	if err := s.Stack.WriteTo(ctx, firstPostgres); err != nil {
		return fmt.Errorf("the old primary was not started again after the promotion: %w", err)
	}
	return drills.Violated("nothing was promoted, and the old primary takes writes as before")
}

// commitsWaitForStandby shows that a second loss would cost nothing either.
func commitsWaitForStandby() drills.Check {
	return drills.Check{
		Name: "protection is back: commits wait for the rebuilt standby",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			mark := fmt.Sprintf("held %016x", rand.Uint64())
			err := s.Stack.WhileHeld(ctx, firstPostgres, func(ctx context.Context) error { return commitWithin(ctx, s.Stack, heldFor, mark) })
			if err == nil {
				return "", drills.Violated("a commit was acknowledged while %s stood still", firstPostgres)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				return "", err
			}
			if err := commitWithin(ctx, s.Stack, letGo, mark); err != nil {
				return "", drills.Violated("no commit is acknowledged though %s runs: %s", firstPostgres, err)
			}
			return "none was acknowledged while it stood still; the next one was when it went on", nil
		},
	}
}

func standbyHoldsTheSame() drills.Check {
	return drills.Check{
		Name: "the rebuilt standby holds what the new primary holds",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if err := s.Stack.AwaitReplay(ctx, firstPostgres); err != nil {
				return "", drills.Violated("%s does not replay what %s has: %s", firstPostgres, secondPostgres, err)
			}
			rebuilt := s.Stack.ClientsOf(firstPostgres)
			compared := 0
			for _, class := range []recovery.Class{recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors} {
				want, err := s.Clients.Read(ctx, class)
				if err != nil {
					return "", err
				}
				has, err := rebuilt.Read(ctx, class)
				if err != nil {
					return "", err
				}
				if lacks, strange := drills.Missing(want, has), drills.Missing(has, want); len(lacks)+len(strange) > 0 {
					return "", drills.Violated("%s: it lacks %d of %d rows, and holds %d others", class, len(lacks), len(want), len(strange))
				}
				compared += len(want)
			}
			return fmt.Sprintf("the same %d rows", compared), nil
		},
	}
}
