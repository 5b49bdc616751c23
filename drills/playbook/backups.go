package playbook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// backupDisk has room for a few backups of a drill, in MiB. It is memory: a fault fills it.
const backupDisk = 256

// retainNothing has a backup script remove every backup that it may remove, whatever its age.
var retainNothing = map[string]string{"RETENTION_DAYS": "0"}

// Backups themselves. The playbook states no recovery time for them: the drills are judged by what
// they prove.
func backupDrills() []drills.Drill {
	return []drills.Drill{
		backupDrill("postgres", workload.Database, faults.Down{Service: "postgres", Stays: true}, "restart-postgres.sh"),
		backupDrill("redis", workload.MemoryDB, faults.Down{Service: "redis", Stays: true}, "restart-redis.sh"),
		backupDrill("config", workload.Database, faults.MissingConfiguration{}),
	}
}

// backupDrill has the backup of the kind fail in every way, and then succeed. A server that it was taken from is still down
// after the last one: it is started again first.
func backupDrill(kind string, probe workload.Watched, source faults.Obstacle, restart ...string) drills.Drill {
	backup := drills.Script{Name: "backup-" + kind + ".sh", Env: retainNothing}
	d := drills.Drill{
		Name: "backup-" + kind, Scenario: backups, Title: "The backup of " + title[kind] + " meets one obstacle after another",
		Recovery: "the backup fails loudly each time; a server that is down is started again; the next backup succeeds",
		Proves: "exit code, no half file, the last good backup kept, retention never deletes the last good one; " +
			"what was made, restored from the object store on empty servers, holds what its source held",
		Limits:    "An obstacle stands from before the backup begins until it has ended; one that appears in the middle of an upload is not rehearsed.",
		Labels:    []string{"scenario=backup", "store=" + kind},
		Needs:     fixtures.Needs{ObjectStore: true, BackupDisk: backupDisk},
		Probe:     probe,
		Fault:     faults.InTurn{faults.Down{Service: "store"}, faults.FullBackupDisk{}, faults.RefusingStore{}, source},
		Tried:     backup,
		Backups:   []drills.Backup{{Script: backup.Name, Every: compressed, Policy: policy[kind]}},
		Objective: objective(0), Settle: settle,
		Checks: []drills.Check{freshBackup(kind), restoresElsewhere(kind)},
	}
	for _, name := range restart {
		d.Scripts = append(d.Scripts, drills.Script{Name: name})
	}
	d.Scripts = append(d.Scripts, backup)
	return d
}

// spoiledPolicy are intervals at which the newest backup may be damaged and the one before still meets
// the targets: each is less than half of the strictest.
const (
	spoiledPostgresPolicy = 2 * time.Minute
	spoiledRedisPolicy    = 25 * time.Minute
)

// Drills in which the newest backup is damaged, and what it was to bring back is lost.
func postgresBackupCorrupt() drills.Drill {
	dump := postgresDump()
	dump.Policy = spoiledPostgresPolicy
	return drills.Drill{
		Name: "postgres-backup-corrupt", Scenario: postgresDown, Title: "PostgreSQL loses its volume, and the newest dump is damaged",
		Recovery: "verify, take the one before",
		Proves:   "the damaged one was refused before the restore began",
		Limits:   "One dump is damaged, in a way that the seed draws: cut, emptied, or a byte flipped. Where no schedule is configured, dumps every 2 minutes are assumed, so that the one before is recent enough. " + noDumpHoldsAll,
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Needs:    fixtures.Needs{ObjectStore: true}, Probe: workload.Database,
		Fault:     faults.Sequence{faults.SpoiledBackup{Kind: "postgres", Object: "database.dump"}, faults.Destroy{Service: "postgres"}},
		Backups:   []drills.Backup{dump},
		Scripts:   []drills.Script{{Name: "restore-postgres.sh", Args: []string{"latest-verified"}}},
		Objective: objective(postgresRTO), Settle: settle, Changes: []drills.Change{rowsAreLoaded(`.*`)},
		Checks: []drills.Check{
			refusedFirst("postgres"),
			holdsTheBackup(recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors),
		},
	}
}

func redisBackupCorrupt() drills.Drill {
	snapshot := redisSnapshot()
	snapshot.Policy = spoiledRedisPolicy
	return drills.Drill{
		Name: "redis-backup-corrupt", Scenario: redisFailure, Title: "Redis loses its volume, and the newest RDB is damaged",
		Recovery: "verify, take the one before",
		Proves:   "RPO as of the older backup; the damaged one was refused before the restore began",
		Limits:   "One snapshot is damaged, in a way that the seed draws: cut, emptied, or a byte flipped. Where no schedule is configured, snapshots every 25 minutes are assumed, so that the one before is recent enough.",
		Labels:   []string{"scenario=redis", "store=redis"},
		Needs:    fixtures.Needs{ObjectStore: true}, Probe: workload.MemoryDB,
		Fault:     faults.Sequence{faults.SpoiledBackup{Kind: "redis", Object: "dump.rdb"}, faults.Destroy{Service: "redis"}},
		Backups:   []drills.Backup{snapshot},
		Scripts:   []drills.Script{{Name: "restore-redis.sh", Args: []string{"latest-verified"}}},
		Objective: objective(redisRTO), Settle: settle,
		Checks: []drills.Check{refusedFirst("redis"), holdsTheBackup(recovery.Memory), survivesRestart()},
	}
}

// refusedFirst checks that the damaged backup was refused by its name, and that the server was touched
// only afterwards: the refusal is in the first step of the restore.
func refusedFirst(kind string) drills.Check {
	return drills.Check{
		Name: "the damaged backup was refused before the restore began",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			stored, err := s.Stack.StoredBackups(ctx)
			return drills.NewestBackup(stored, "store", kind), err
		},
		After: func(_ context.Context, s drills.Site) (string, error) {
			damaged, _ := s.Before.(string)
			if damaged == "" {
				return "", errors.New("there was no backup to damage")
			}
			if restored := s.Facts["restored_backup"]; restored == damaged {
				return "", drills.Violated("%s is damaged, and was restored", damaged)
			}
			if len(s.Steps) == 0 {
				return "", errors.New("the recovery had no step")
			}
			first := firstStep(s.Steps)
			refusal := "refused " + damaged + ": "
			for line := range strings.Lines(first.Output) {
				if strings.Contains(line, refusal) {
					return fmt.Sprintf("step %q: %s", first.Name, strings.TrimSpace(line)), nil
				}
			}
			return "", drills.Violated("the first step, %q, did not refuse %s", first.Name, damaged)
		},
	}
}

// firstStep is the first step that was announced, with what its script printed before it, which is none of its own.
func firstStep(steps []runbook.Step) runbook.Step {
	first := steps[0]
	if !first.Announced && len(steps) > 1 && steps[1].Script == first.Script {
		before := first.Output
		first = steps[1]
		first.Output = before + first.Output
	}
	return first
}

var policy = map[string]time.Duration{"postgres": postgresPolicy, "redis": redisPolicy, "config": configPolicy}

var title = map[string]string{"postgres": "PostgreSQL", "redis": "Redis", "config": "the configuration"}

// freshBackup checks that the backups are usable after all obstacles: a new one is complete at both
// places, byte by byte as its manifest says, and retention has not removed it.
func freshBackup(kind string) drills.Check {
	return drills.Check{
		Name:   "a new backup is there, whole, on the disk and in the object store",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.StoredBackups(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.Stored)
			after, err := s.Stack.StoredBackups(ctx)
			if err != nil {
				return "", err
			}
			name := drills.NewestBackup(after, "store", kind)
			for _, place := range s.Stack.BackupPlaces() {
				if name == "" || name == drills.NewestBackup(before, place, kind) {
					return "", drills.Violated("there is no new backup of %s on %s", kind, place)
				}
			}
			if _, err := drills.WholeBackup(ctx, s.Stack, after, kind+"/"+name); err != nil {
				return "", err
			}
			return name + ", at both places as its manifest says", nil
		},
	}
}
