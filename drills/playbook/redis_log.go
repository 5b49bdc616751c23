package playbook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	torn.Proves = "up to when everything is there: the procedure's own statement agrees with the ledger; the loss is within the append-only file's policy"
	torn.Limits = "Left to itself, the server repairs a torn end as well (aof-load-truncated yes), and says nothing of what that cost. " +
		"What was in the end that is gone, nobody can name. The cut stands for a loss of power; disks that lie about what they have synced are not rehearsed."
	torn.Checks = slices.Concat(queueChecks(), []drills.Check{lossWithinAppendPolicy(), lossAsStated(), survivesRestart()})

	flipped := redisLogDrill("redis-aof-corrupt", "The middle of Redis's append-only file is damaged", faults.FlipLog{})
	flipped.Recovery = "repair the append-only file, or fall back to the newest backup, whichever loses less; reconcile the queue with the database"
	flipped.Proves = "which writes the repair cost: those that the procedure names are those that the ledger finds lost"
	flipped.Limits = "An append-only file has no checksums: damage to a value alone goes unnoticed by Redis, and is not rehearsed. " +
		"The writes in the damaged bytes themselves, of which there are a few, cannot be named."
	flipped.Needs.ObjectStore = true
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
					stated.Format(time.RFC3339), loss.Lost, recovery.Words(after))
			}
			return fmt.Sprintf("everything before %s, it says; the first of %d lost writes was acknowledged %s after that",
				stated.Format(time.RFC3339), loss.Lost, recovery.Words(after)), nil
		},
	}
}

// unnamed is how many lost writes a procedure may fail to name: those in the damaged bytes.
const unnamed = 8

// lostWritesAreNamed holds the keys that the procedure names against the ledger: those that are lost
// have to be among them, and none that is there may be.
func lostWritesAreNamed() drills.Check {
	return drills.Check{
		Name: "the writes that are lost are those that the procedure names",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			file := s.Facts["lost_memory_keys"]
			if file == "" {
				return "", drills.Violated("the procedure names none")
			}
			names, err := s.Stack.RunOn(ctx, "operator", "cat -- '"+file+"'")
			if err != nil {
				return "", drills.Violated("the procedure's list cannot be read: %s", err)
			}
			there, err := s.Clients.Read(ctx, recovery.Memory)
			if err != nil {
				return "", err
			}
			return compareNamed(namedWrites(names), lostWrites(s.Ledger, there), there)
		},
	}
}

// compareNamed compares the writes that are named, by their numbers, with those that are lost. Writes that are
// named, and were never acknowledged, are nobody's loss.
func compareNamed(named, lost []int, there []recovery.Row) (string, error) {
	missed, wrong := drills.Missing(lost, named), len(named)-len(drills.Missing(named, numbers(there)))
	switch {
	case len(lost) == 0:
		return "", errors.New("no write is lost: there is nothing to compare")
	case wrong > 0:
		return "", drills.Violated("%d of the %d that it names are there", wrong, len(named))
	case len(missed) > unnamed || len(missed) == len(lost):
		return "", drills.Violated("it names %d, and %d of %d lost ones are not among them, such as %s", len(named), len(missed), len(lost), workload.ID(recovery.Memory, missed[0]))
	}
	return fmt.Sprintf("it names %d, among them %d of the %d that are lost, and none that is there", len(named), len(lost)-len(missed), len(lost)), nil
}

// namedWrites are the numbers of the writes whose keys are named, one a line.
func namedWrites(keys string) (named []int) {
	for key := range strings.Lines(keys) {
		if seq := workload.Seq(recovery.Memory, strings.TrimPrefix(strings.TrimSpace(key), workload.MemoryPrefix)); seq >= 0 {
			named = append(named, seq)
		}
	}
	return named
}

// lostWrites are the numbers of the writes of the memory store that were acknowledged and are not there.
func lostWrites(ledger *recovery.Ledger, there []recovery.Row) []int {
	var acknowledged []int
	ledger.Each(recovery.Memory, func(seq int, e recovery.Entry) bool {
		if e.Outcome == recovery.Acknowledged {
			acknowledged = append(acknowledged, seq)
		}
		return true
	})
	return drills.Missing(acknowledged, numbers(there))
}

func numbers(rows []recovery.Row) []int {
	all := make([]int, len(rows))
	for i, row := range rows {
		all[i] = row.Seq
	}
	return all
}
