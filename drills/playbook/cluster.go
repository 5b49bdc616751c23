package playbook

import (
	"context"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// Scenario 4: complete cluster failure.
func clusterDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "cluster-loss", Scenario: clusterFailure, Title: "Everything is gone: containers, volumes, network, configuration",
		Recovery: "configuration from its backup; infrastructure; PostgreSQL; Redis; application; queue and database reconciled; all verified",
		Proves:   "all of it comes back from what is elsewhere alone: health, a test agent run, all five classes verified",
		Limits: "The object store and the receiver of the write-ahead log are elsewhere and survive, as do the operator's scripts, the store's " +
			"credentials and the key of the backups. Images are on the engine already: no time goes into provisioning machines or pulling images.",
		Labels: []string{"scenario=cluster", "store=postgres", "store=redis"},
		Needs:  fixtures.Needs{Workers: 2, ObjectStore: true, WALArchive: true}, Probe: workload.Whole,
		Rates:      map[recovery.Class]int{recovery.Runs: 8},
		Backups:    []drills.Backup{baseBackup(), redisSnapshot(), configArchive()},
		Safeguards: []drills.Safeguard{streamedLog()},
		Fault:      faults.LoseCluster{},
		Scripts: []drills.Script{
			{Name: "restore-config.sh", Args: []string{"latest-verified"}},
			{Name: "apply-infrastructure.sh"},
			{Name: "restore-postgres-pitr.sh", Args: []string{"latest-verified"}},
			{Name: "restore-redis.sh", Args: []string{"latest-verified"}},
			{Name: "deploy-application.sh"},
			reconcileQueue(),
			{Name: "verify-recovery.sh"},
		},
		Objective: objective(clusterRTO), Settle: 30 * time.Second, Changes: targetStays(),
		Checks: []drills.Check{
			configurationIsBack(), infrastructureIsBack(), serviceIsBack(),
			everyRunCompletes(), everyStepOnce(), finishedRunsStayFinished(), holdsTheBackup(recovery.Memory), commitsWaitForReceiver(),
		},
	}}
}

// configArchive holds no class: it is what a recovery from nothing begins with.
func configArchive() drills.Backup {
	return drills.Backup{Script: "backup-config.sh", Every: compressed, Policy: configPolicy}
}

func configurationIsBack() drills.Check {
	return drills.Unchanged{
		Name: "the configuration is back, file by file", What: "files, with content, owner and mode,",
		List: func(ctx context.Context, s drills.Site) ([]string, error) { return s.Stack.Configuration(ctx) },
	}.Check()
}

func infrastructureIsBack() drills.Check {
	return drills.Unchanged{
		Name: "the infrastructure is the declared one", What: "properties of network, volumes and services",
		List: func(ctx context.Context, s drills.Site) ([]string, error) { return s.Stack.Infrastructure(ctx) },
	}.Check()
}

// serviceIsBack asks from outside, whatever the procedure says of itself.
func serviceIsBack() drills.Check {
	return drills.Check{
		Name: "health endpoints answer, and the test run is completed",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if err := none(ctx, s.Stack.Unhealthy, "health endpoints do not answer 200"); err != nil {
				return "", err
			}
			if err := none(ctx, func(ctx context.Context) ([]string, error) { return s.Stack.WrongRuns(ctx) }, "runs have missing or wrong steps"); err != nil {
				return "", err
			}
			tested, err := s.Stack.CompletedTestRuns(ctx)
			if err != nil {
				return "", err
			}
			if len(tested) == 0 {
				return "", drills.Violated("no test run is completed")
			}
			return "all health endpoints answer 200; completed: " + tested[0], nil
		},
	}
}
