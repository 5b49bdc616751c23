package playbook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

func clusterFailover() drills.Drill {
	return drills.Drill{
		Name: "redis-cluster-failover", Scenario: redisFailure, Title: "A Redis Cluster loses a primary, and then the majority of them",
		Recovery: "automatic failover; then CLUSTER FAILOVER TAKEOVER by the newest replica of each lost primary, and the lost nodes come back as replicas",
		Proves:   "all slots are served again, after either loss",
		Limits: fmt.Sprintf("The recovery time counts from the loss of the first primary: it holds the automatic failover, the second outage and the time between. "+
			"Nodes take another one for dead after %s (Redis's own cluster-node-timeout is 15 s). "+
			"Replication is asynchronous, and a cluster has no one position: what is lost is the ledger's word alone. "+
			"The job queue is not on the cluster.", fixtures.ClusterNodeTimeout),
		Labels: []string{"scenario=redis", "store=redis"},
		Needs:  fixtures.Needs{RedisCluster: true},
		// The first outage has ended when served writes in a row say so, and the second one follows soon.
		Rates: map[recovery.Class]int{recovery.Memory: workload.DefaultRate},
		Probe: workload.MemoryDB, Fault: faults.Sequence{faults.KillPrimary{}, faults.AwaitFailover{}, faults.KillMajority{}},
		Safeguards: asynchronousReplica(),
		Scripts:    []drills.Script{{Name: "takeover-redis-cluster.sh"}},
		Objective:  objective(redisRTO), Settle: settle, Changes: []drills.Change{placesAreChanged(`redis-cluster-[1-6]`)},
		Checks: []drills.Check{failedOverByItself(), historiesTakenOver(), clusterIsWhole(), sameOnAllReplicas()},
	}
}

// served is how many writes in a row must be acknowledged for a client to say that the cluster is back:
// with so many keys no shard is left out.
const served = 25

func failedOverByItself() drills.Check {
	return drills.Check{
		Name: "the cluster failed over by itself when it lost one primary",
		After: func(_ context.Context, s drills.Site) (string, error) {
			injected, _ := s.Timeline.At(recovery.Injected)
			began, ended := s.Timeline.At(recovery.RecoveryStarted)
			restored, back := s.Timeline.At(recovery.Restored)
			if !ended || !back {
				return "", errors.New("the drill did not get that far")
			}
			again, lost := outages(s.Ledger, injected)
			if again == 0 || again >= began {
				return "", drills.Violated("no %d writes in a row were acknowledged between the loss of the first primary and the recovery by script", served)
			}
			if lost == 0 {
				return "", errors.New("no client saw a second outage")
			}
			return fmt.Sprintf("clients were served again %s after the loss of the first primary, before any script ran; the second outage lasted %s",
				recovery.Words(again-injected), recovery.Words(restored-lost)), nil
		},
	}
}

// outages are when writes of the memory store were acknowledged again after the first outage since the
// instant, and when the second one began; zero where there was none.
func outages(ledger *recovery.Ledger, since time.Duration) (again, lost time.Duration) {
	down, row := false, 0
	var first time.Duration
	ledger.Each(recovery.Memory, func(_ int, e recovery.Entry) bool {
		switch {
		case e.Issued < since:
		case e.Outcome != recovery.Acknowledged:
			if again > 0 {
				lost = e.Issued
			}
			down, row = true, 0
		case down && again == 0:
			if row++; row == 1 {
				first = e.Settled
			}
			if row == served {
				again = first
			}
		}
		return lost == 0
	})
	return again, lost
}

// histories are what each primary continued before the fault, by the first slot that it served.
type histories map[int]string

func historiesTakenOver() drills.Check {
	return drills.Check{
		Name: "each new primary continues the history of the one that it replaced",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			shards, err := s.Stack.Shards(ctx)
			before := histories{}
			for _, shard := range shards {
				is, err := s.Stack.Replication(ctx, shard.Primary)
				if err != nil {
					return nil, err
				}
				before[shard.First] = is.History
			}
			return before, err
		},
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(histories)
			shards, err := s.Stack.Shards(ctx)
			if err != nil {
				return "", drills.Violated("%v", err)
			}
			if len(before) == 0 || len(shards) != len(before) {
				return "", drills.Violated("%d shards before, %d now", len(before), len(shards))
			}
			for _, shard := range shards {
				is, err := s.Stack.Replication(ctx, shard.Primary)
				if err != nil {
					return "", err
				}
				if is.Predecessor != before[shard.First] {
					return "", drills.Violated("%s, which serves the slots from %d on, does not continue the history of the primary that served them", shard.Primary, shard.First)
				}
			}
			return fmt.Sprintf("all %d primaries are replicas that took over where their own primary was", len(shards)), nil
		},
	}
}

func clusterIsWhole() drills.Check {
	return drills.Check{
		Name: "all slots are served by primaries of distinct epochs, each with a replica",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if err := s.Stack.ClusterIsWhole(ctx); err != nil {
				return "", drills.Violated("%v", err)
			}
			shards, err := s.Stack.Shards(ctx)
			if err != nil {
				return "", err
			}
			holders := map[int]string{}
			for _, shard := range shards {
				if other, taken := holders[shard.Epoch]; taken {
					return "", drills.Violated("%s and %s have the same epoch, %d", other, shard.Primary, shard.Epoch)
				}
				holders[shard.Epoch] = shard.Primary
			}
			written, err := s.Stack.WriteToAllSlots(ctx)
			if err != nil {
				return "", drills.Violated("%v", err)
			}
			return fmt.Sprintf("a key of each of %d slots was written and read; the primaries by their epochs: %v", written, holders), nil
		},
	}
}

func sameOnAllReplicas() drills.Check {
	return drills.Check{
		Name: "every replica holds what its primary holds",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			shards, err := s.Stack.Shards(ctx)
			if err != nil {
				return "", drills.Violated("%v", err)
			}
			compared := 0
			for _, shard := range shards {
				for _, replica := range shard.Replicas {
					if err := s.Stack.AwaitReplica(ctx, replica, shard.Primary); err != nil {
						return "", drills.Violated("%s is no replica of %s: %v", replica, shard.Primary, err)
					}
					if _, err := compareServers(ctx, s, shard.Primary, replica); err != nil {
						return "", err
					}
					compared++
				}
			}
			if compared == 0 {
				return "", drills.Violated("there is no replica")
			}
			return fmt.Sprintf("%d replicas hold the same keys as their primaries", compared), nil
		},
	}
}
