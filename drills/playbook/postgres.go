package playbook

import (
	"context"
	"fmt"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 3: PostgreSQL failure.
func postgresDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "postgres-kill", Scenario: postgresDown, Title: "PostgreSQL is killed",
		Recovery: "restart; the server recovers from its write-ahead log",
		Proves:   "nothing acknowledged is lost",
		Limits:   "A killed process leaves its writes in the kernel's cache: loss of power is not rehearsed. The server's fsync settings are asserted.",
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Probe:    workload.Database, Fault: faults.Kill{Service: "postgres"},
		Scripts:   []drills.Script{{Name: "restart-postgres.sh"}},
		Objective: objective(postgresRTO), Settle: settle,
		Checks: []drills.Check{nothingLost()},
	}, {
		Name: "postgres-volume-loss-dump", Scenario: postgresDown, Title: "PostgreSQL loses its volume; a dump is all there is",
		Recovery: "restore the newest verified dump, roles included",
		Proves:   "schema, indexes, roles and rows are back",
		Limits:   noDumpHoldsAll,
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Needs:    fixtures.Needs{ObjectStore: true},
		Probe:    workload.Database, Fault: faults.Destroy{Service: "postgres"},
		Backups:   []drills.Backup{postgresDump()},
		Scripts:   []drills.Script{{Name: "restore-postgres.sh", Args: []string{"latest-verified"}}},
		Objective: objective(postgresRTO), Settle: settle, Changes: []drills.Change{rowsAreLoaded(`.*`)},
		Checks: []drills.Check{
			holdsTheBackup(recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors),
		},
	}, postgresBackupCorrupt()}
}

// noDumpHoldsAll is why drills of dumps miss the targets of runs and audit log.
const noDumpHoldsAll = "A dump holds what was there when it began: it cannot meet an RPO of 0. That needs the write-ahead log outside the lost volume."

func nothingLost() drills.Check {
	return drills.Check{
		Name: "nothing acknowledged is lost",
		After: func(_ context.Context, s drills.Site) (string, error) {
			kept := 0
			for _, class := range recovery.Classes() {
				loss := s.Losses[class]
				if loss.Lost > 0 {
					return "", drills.Violated("%d acknowledged writes of %s are lost", loss.Lost, class)
				}
				kept += loss.Acknowledged
			}
			return fmt.Sprintf("all %d acknowledged writes are there", kept), nil
		},
	}
}
