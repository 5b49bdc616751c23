package playbook

import (
	"context"
	"fmt"
	"slices"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 2: Redis failure.
func redisDrills() []drills.Drill {
	return slices.Concat([]drills.Drill{{
		Name: "redis-kill", Scenario: redisFailure, Title: "Redis is killed",
		Recovery: "restart from the append-only file",
		Proves:   "the loss is within the append-only file's policy",
		Limits:   "A killed process leaves its writes in the kernel's cache. Loss of power, which can cost what was not yet synced, is not rehearsed.",
		Labels:   []string{"scenario=redis", "store=redis"},
		Probe:    workload.MemoryDB, Fault: faults.Kill{Service: "redis"},
		Scripts:   []drills.Script{{Name: "restart-redis.sh"}},
		Objective: objective(redisRTO), Settle: settle,
		Checks: []drills.Check{lossWithinAppendPolicy()},
	}, {
		Name: "redis-volume-loss", Scenario: redisFailure, Title: "Redis loses its volume",
		Recovery: "restore the newest verified RDB into a server that runs the append-only file; reconcile the queue with the database",
		Proves:   "the data is the backup's, and survives the next restart; lost jobs are queued again, and finished runs stay finished",
		Labels:   []string{"scenario=redis", "store=redis"},
		Needs:    fixtures.Needs{Workers: 1, ObjectStore: true}, Rates: queueRate(),
		Probe: workload.MemoryDB, Fault: faults.Destroy{Service: "redis"},
		Backups:   []drills.Backup{redisSnapshot()},
		Scripts:   []drills.Script{{Name: "restore-redis.sh", Args: []string{"latest-verified"}}, reconcileQueue()},
		Objective: objective(redisRTO), Settle: settle,
		Checks: slices.Concat(queueChecks(), []drills.Check{holdsTheBackup(recovery.Memory), survivesRestart()}),
	}, replicaPromotion(), clusterFailover(), redisBackupCorrupt(), redisMemoryFull(), redisPartition()}, redisLogDrills())
}

func lossWithinAppendPolicy() drills.Check {
	return drills.Check{
		Name: "the loss is within the append-only file's policy",
		After: func(_ context.Context, s drills.Site) (string, error) {
			loss := s.Losses[recovery.Memory]
			if loss.Unbounded || loss.Window > drills.AppendPolicy {
				return "", drills.Violated("%d writes lost, a window of %s; the policy allows %s", loss.Lost, recovery.Words(loss.Window), recovery.Words(drills.AppendPolicy))
			}
			return fmt.Sprintf("%d of %d acknowledged writes lost, a window of %s", loss.Lost, loss.Acknowledged, recovery.Words(loss.Window)), nil
		},
	}
}

// holdsTheBackup checks that every write that was acknowledged before the restored backup began is there.
func holdsTheBackup(classes ...recovery.Class) drills.Check {
	return drills.Check{
		Name: "everything in the restored backup is back",
		After: func(_ context.Context, s drills.Site) (string, error) {
			for _, class := range classes {
				snapshot, backedUp := s.Snapshot[class]
				if !backedUp {
					return "", fmt.Errorf("%s has no backup", class)
				}
				if loss := s.Losses[class]; loss.Lost > 0 && loss.FirstLost < snapshot {
					return "", drills.Violated("%s: a write that was acknowledged %s before the restored backup began is not there",
						class, recovery.Words(snapshot-loss.FirstLost))
				}
			}
			return "every write that was acknowledged before the restored backup began is there", nil
		},
	}
}

func survivesRestart() drills.Check {
	return drills.Check{
		Name: "the restored data survives the next restart",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, err := s.Clients.Read(ctx, recovery.Memory)
			if err != nil {
				return "", err
			}
			if err := s.Stack.RestartRedis(ctx); err != nil {
				return "", err
			}
			after, err := s.Clients.Read(ctx, recovery.Memory)
			if err != nil {
				return "", err
			}
			if missing := drills.Missing(before, after); len(missing) > 0 {
				return "", drills.Violated("%d of %d keys are gone or changed after a kill and a restart", len(missing), len(before))
			}
			return fmt.Sprintf("all %d keys are there after a kill and a restart", len(before)), nil
		},
	}
}
