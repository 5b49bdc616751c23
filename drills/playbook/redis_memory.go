package playbook

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

func redisMemoryFull() drills.Drill {
	return drills.Drill{
		Name: "redis-memory-full", Scenario: redisFailure, Title: "Redis reaches its maxmemory under load",
		Recovery: "find what fills the memory, raise the limit so that it outlives a restart, reconcile the queue with the database",
		Proves:   "refused writes were refused, not lost; no key was evicted; the run whose job was deleted is done; the raised limit outlives a restart",
		Limits: "The limit is 16 MiB, so that a drill reaches it within a second. The keys that leaked stay: to delete them is up to whoever knows them. " +
			"A host without memory to spare, where the limit cannot be raised, is not rehearsed.",
		Labels: []string{"scenario=redis", "store=redis"},
		Needs:  fixtures.Needs{Workers: 1, RedisMemory: 16}, Rates: queueRate(),
		Probe: workload.MemoryWrites, Fault: faults.Sequence{faults.LeakMemory{Service: "redis"}, faults.LostJob{Service: "redis"}},
		Felt:      []recovery.Class{recovery.Memory, recovery.Runs},
		Scripts:   []drills.Script{{Name: "raise-redis-memory.sh"}, reconcileQueue()},
		Objective: objective(redisRTO), Settle: settle, Changes: memoryIsRaised,
		Checks: slices.Concat([]drills.Check{refusedNotLost(), nothingEvicted()}, queueChecks(), []drills.Check{limitSurvivesRestart()}),
	}
}

// refusedNotLost checks what became of the writes that went through Redis.
func refusedNotLost() drills.Check {
	return drills.Check{
		Name: "refused writes were refused, not lost",
		After: func(_ context.Context, s drills.Site) (string, error) {
			for _, class := range []recovery.Class{recovery.Memory, recovery.Runs} {
				loss := s.Losses[class]
				switch {
				case loss.Lost > 0:
					return "", drills.Violated("%s: %d acknowledged writes are not there", class, loss.Lost)
				case loss.Phantom > 0:
					return "", drills.Violated("%s: %d writes are there that were refused, or never made", class, loss.Phantom)
				case loss.Refused == 0:
					return "", fmt.Errorf("%s: no write was refused", class)
				}
			}
			memory, runs := s.Losses[recovery.Memory], s.Losses[recovery.Runs]
			return fmt.Sprintf("%d keys and %d runs were refused, and none of them is there; all %d and %d that were acknowledged are",
				memory.Refused, runs.Refused, memory.Acknowledged, runs.Acknowledged), nil
		},
	}
}

func nothingEvicted() drills.Check {
	return drills.Check{
		Name:   "no key was evicted",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.RedisMemory(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.RedisMemory)
			after, err := s.Stack.RedisMemory(ctx)
			switch {
			case err != nil:
				return "", err
			case before.Server != after.Server:
				return "", errors.New("the server was started again, and has forgotten how many it evicted")
			case after.Evicted != 0:
				return "", drills.Violated("%d keys were evicted, under the policy %s", after.Evicted, after.Policy)
			case after.Policy != "noeviction":
				return "", drills.Violated("the policy is %s: keys will be", after.Policy)
			}
			return "none, and the policy is " + after.Policy, nil
		},
	}
}

func limitSurvivesRestart() drills.Check {
	return drills.Check{
		Name:   "the raised limit outlives a restart",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.RedisMemory(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.RedisMemory)
			if err := s.Stack.RestartRedis(ctx); err != nil {
				return "", err
			}
			after, err := s.Stack.RedisMemory(ctx)
			if err != nil {
				return "", err
			}
			if after.Limit <= before.Limit || after.Policy != before.Policy {
				return "", drills.Violated("after a restart the limit is %d bytes with the policy %s; before the fault it was %d with %s",
					after.Limit, after.Policy, before.Limit, before.Policy)
			}
			return fmt.Sprintf("%d bytes after a restart; it was %d", after.Limit, before.Limit), nil
		},
	}
}
