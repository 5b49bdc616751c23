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

// replicaLag is what an asynchronous replica may cost: it acknowledges its offset once a second, so
// that a lag of more (INFO replication) is that of a replica that does not follow.
const replicaLag = time.Second

const (
	firstRedis  = "redis"
	secondRedis = "redis-replica"
)

func replicaPromotion() drills.Drill {
	return drills.Drill{
		Name: "redis-replica-promote", Scenario: redisFailure, Title: "The Redis primary is lost; a replica is there",
		Recovery: "fence the old primary, promote the replica, send clients to it, rebuild a replica from the old primary",
		Proves:   "the lost writes agree with the replication offset; the old primary cannot come back and write",
		Limits: "Replication is asynchronous: a write that was acknowledged just before the loss can be lost, and no verdict of met says that none ever is. " +
			"min-replicas-to-write is off: a primary whose replica is cut off goes on to acknowledge writes that a promotion loses. " +
			"Nobody starts the old primary before it is rebuilt: what it would have been by then is read from its configuration. Workers, which keep their jobs in Redis, are not rehearsed.",
		Labels: []string{"scenario=redis", "store=redis"},
		Needs:  fixtures.Needs{RedisReplica: true},
		Probe:  workload.MemoryDB, Fault: faults.Kill{Service: firstRedis},
		Safeguards: asynchronousReplica(),
		Scripts:    []drills.Script{{Name: "promote-redis.sh"}},
		Objective:  objective(redisRTO), Settle: settle, Changes: []drills.Change{placesAreChanged(`redis(-replica)?`)},
		Checks: []drills.Check{
			historyTakenOver(), sameOnBoth(), oldPrimaryIsFenced(), partsSurviveRestart(),
		},
	}
}

func asynchronousReplica() []drills.Safeguard {
	return []drills.Safeguard{{
		By: "asynchronous replica (it follows within a second)", Protect: []recovery.Class{recovery.Memory}, Allows: replicaLag,
	}}
}

func historyTakenOver() drills.Check {
	return drills.Check{
		Name: "the new primary continues the old one's history, without the writes that are lost",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			return s.Stack.Replication(ctx, firstRedis)
		},
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.Replication)
			after, err := s.Stack.Replication(ctx, secondRedis)
			if err != nil {
				return "", err
			}
			switch {
			case !before.Primary || before.Offset == 0:
				return "", fmt.Errorf("%s was no primary with a history before the fault", firstRedis)
			case !after.Primary:
				return "", drills.Violated("%s is no primary", secondRedis)
			case after.Predecessor != before.History:
				return "", drills.Violated("%s has the history %s: it did not take over that of %s", secondRedis, after.History, firstRedis)
			}
			loss := s.Losses[recovery.Memory]
			return fmt.Sprintf("it took over at offset %d, and the old one was at %d just before the fault; %d of %d acknowledged writes lost, a window of %s",
				after.TookOver, before.Offset, loss.Lost, loss.Acknowledged, recovery.Words(loss.Window)), nil
		},
	}
}

func sameOnBoth() drills.Check {
	return drills.Check{
		Name: "the rebuilt replica holds what the new primary holds",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if err := s.Stack.AwaitReplica(ctx, firstRedis, secondRedis); err != nil {
				return "", drills.Violated("%s is no replica of %s: %v", firstRedis, secondRedis, err)
			}
			return compareServers(ctx, s, secondRedis, firstRedis)
		},
	}
}

// compareServers reads the memory store from two servers and says whether they hold the same.
func compareServers(ctx context.Context, s drills.Site, one, other string) (string, error) {
	want, err := s.Clients.ReadFrom(ctx, s.Stack.ConnectNode(one))
	if err != nil {
		return "", err
	}
	has, err := s.Clients.ReadFrom(ctx, s.Stack.ConnectNode(other))
	if err != nil {
		return "", err
	}
	if len(want) == 0 {
		return "", fmt.Errorf("%s holds nothing to compare", one)
	}
	if missing, strange := drills.Missing(want, has), drills.Missing(has, want); len(missing)+len(strange) > 0 {
		return "", drills.Violated("%s lacks %d of the %d keys of %s, and holds %d others", other, len(missing), len(want), one, len(strange))
	}
	return fmt.Sprintf("the same %d keys", len(want)), nil
}

func oldPrimaryIsFenced() drills.Check {
	return drills.Check{
		Name:   "the old primary cannot come back and take writes",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.WatchFence(ctx), nil },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			if err := fencedFirst(s); err != nil {
				return "", err
			}
			taken, refused, err := s.Stack.ReviveAndWrite(ctx, firstRedis, secondRedis)
			if err != nil {
				return "", err
			}
			if taken > 0 {
				return "", drills.Violated("%s took a write after it was killed and started again", firstRedis)
			}
			return fmt.Sprintf("when its replica was promoted it was set to follow that one from its next start on; "+
				"killed and started again after it was rebuilt, it refused all %d writes that were sent straight to it", refused), nil
		},
	}
}

// fencedFirst says whether the old primary could have come back as one when its replica was promoted.
func fencedFirst(s drills.Site) error {
	fence, _ := s.Before.(*fixtures.Fence)
	if fence == nil {
		return errors.New("nobody looked out for the promotion")
	}
	follows, err := fence.Part()
	switch {
	case err != nil:
		return err
	case follows == "":
		return drills.Violated("when its replica was promoted it was not fenced: started again, it would have taken writes")
	case follows != secondRedis:
		return drills.Violated("when its replica was promoted it was set to follow %s, not %s", follows, secondRedis)
	}
	return nil
}

func partsSurviveRestart() drills.Check {
	return drills.Check{
		Name: "both keep their parts and their data over the next restart",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, err := s.Clients.Read(ctx, recovery.Memory)
			if err != nil {
				return "", err
			}
			if err := s.Stack.Revive(ctx, secondRedis); err != nil {
				return "", err
			}
			after, err := s.Clients.Read(ctx, recovery.Memory)
			if err != nil {
				return "", err
			}
			if missing := drills.Missing(before, after); len(missing) > 0 {
				return "", drills.Violated("%d of %d keys are gone or changed after the new primary was killed and started", len(missing), len(before))
			}
			if err := s.Stack.AwaitReplica(ctx, firstRedis, secondRedis); err != nil {
				return "", drills.Violated("after a restart of both: %v", err)
			}
			return fmt.Sprintf("killed and started, the new primary has all %d keys and the old one follows it", len(after)), nil
		},
	}
}
