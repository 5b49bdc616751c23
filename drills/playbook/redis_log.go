package playbook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// redisLogDrills are those of a damaged append-only file.
func redisLogDrills() []drills.Drill {
	torn := redisLogDrill("redis-aof-truncated", "Redis loses the end of its append-only file", faults.TearLog{})
	torn.Recovery = "repair the append-only file; reconcile the queue with the database"
	torn.Proves = "which writes the damage cost: the procedure's own statement agrees with the ledger; the loss is within the append-only file's policy"
	torn.Limits = "Left to itself, the server repairs a torn end as well (aof-load-truncated yes), and says nothing of what that cost. " +
		"The cut stands for a loss of power; disks that lie about what they have synced are not rehearsed."
	torn.Checks = slices.Concat(queueChecks(), []drills.Check{lossWithinAppendPolicy(), lossAsStated(), survivesRestart()})

	flipped := redisLogDrill("redis-aof-corrupt", "The middle of Redis's append-only file is damaged", faults.FlipLog{})
	flipped.Recovery = "repair the append-only file, or fall back to the newest backup, whichever loses less; reconcile the queue with the database"
	flipped.Proves = "which writes the repair cost: the procedure's own statement agrees with the ledger, write for write"
	flipped.Limits = "An append-only file has no checksums: damage to a value alone goes unnoticed by Redis, and is not rehearsed. " +
		"The writes in the damaged bytes themselves can be counted, and not named."
	flipped.Backups = []drills.Backup{redisSnapshot()}
	flipped.Checks = slices.Concat(queueChecks(), []drills.Check{holdsTheBackup(recovery.Memory), lossAsStated(), lostWritesAreNamed(), survivesRestart()})
	return []drills.Drill{torn, flipped}
}

func redisLogDrill(name, title string, damage faults.Fault) drills.Drill {
	return drills.Drill{
		Name: name, Scenario: redisFailure, Title: title,
		Labels: []string{"scenario=redis", "store=redis"},
		Needs:  fixtures.Needs{Workers: 1}, Rates: queueRate(),
		Probe: workload.MemoryDB, Fault: faults.Sequence{faults.Kill{Service: "redis"}, damage},
		Scripts:   []drills.Script{{Name: "repair-redis-aof.sh"}, reconcileQueue()},
		Objective: objective(redisRTO), Settle: settle,
	}
}

// statedWithin is how exactly a procedure can say where what it kept ends: the append-only file is
// stamped once a second, a backup at its beginning.
const statedWithin = 2500 * time.Millisecond

// lossAsStated checks the instant up to which the procedure says that everything is there.
func lossAsStated() drills.Check {
	return drills.Check{
		Name: "what is lost begins where the procedure says",
		After: func(_ context.Context, s drills.Site) (string, error) {
			stated, err := time.Parse(time.RFC3339Nano, s.Facts["snapshot_at"])
			if err != nil {
				return "", drills.Violated("the procedure does not say up to when everything is there")
			}
			loss := s.Losses[recovery.Memory]
			if loss.Lost == 0 {
				return "", errors.New("no write is lost: there is nothing to compare")
			}
			after := loss.FirstLost - s.Since(stated)
			if after < 0 || after > statedWithin {
				return "", drills.Violated("it says that everything is there that was acknowledged before %s; the first of %d lost writes was acknowledged %s after that",
					stated.Format(time.RFC3339), loss.Lost, after.Round(time.Millisecond))
			}
			return fmt.Sprintf("everything before %s, it says; the first of %d lost writes was acknowledged %s after that",
				stated.Format(time.RFC3339), loss.Lost, after.Round(time.Millisecond)), nil
		},
	}
}

// unnamed is how many writes a procedure may fail to name, or name though nobody was told that they
// are there: those in the damaged bytes, and those whose acknowledgement the fault cut off.
const unnamed = 8

// lostWritesAreNamed checks the procedure's count of the keys that the damaged file names and the
// restored store lacks.
func lostWritesAreNamed() drills.Check {
	return drills.Check{
		Name: "as many writes are lost as the procedure names",
		After: func(_ context.Context, s drills.Site) (string, error) {
			named, err := strconv.Atoi(s.Facts["lost_memory_keys"])
			if err != nil {
				return "", drills.Violated("the procedure does not say how many")
			}
			lost := s.Losses[recovery.Memory].Lost
			if off := lost - named; off > unnamed || -off > unnamed {
				return "", drills.Violated("it names %d, and %d are lost", named, lost)
			}
			return fmt.Sprintf("it names %d, and %d acknowledged ones are lost", named, lost), nil
		},
	}
}
