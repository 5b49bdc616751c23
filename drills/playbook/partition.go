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
)

// cutOff is longer than the lock of a job lasts: the queue takes its runs away from a worker that
// works on.
const cutOff = 6 * time.Second

func redisPartition() drills.Drill {
	return drills.Drill{
		Name: "redis-partition", Scenario: redisFailure, Title: "Redis is cut off from the network for a while",
		Recovery: "none: the partition ends by itself, and workers and API reconnect",
		Proves:   "nobody had to restart anything: every service is the process that it was; every acknowledged run completes, no step is done twice",
		Limits: fmt.Sprintf("The recovery time counts from the beginning of the partition, whose own %s are part of it. ", cutOff) +
			"Redis is cut off from everybody at once; a partition that only some clients see is not rehearsed.",
		Labels: []string{"scenario=redis", "store=redis"},
		Needs:  fixtures.Needs{Workers: 1}, Rates: map[recovery.Class]int{recovery.Runs: 8},
		Probe: workload.RunQueue, Fault: faults.Partition{Service: "redis", For: cutOff},
		Objective: objective(redisRTO), Settle: 30 * time.Second,
		Checks: []drills.Check{everyRunCompletes(), everyStepOnce(), nothingRestarted(), nothingLost()},
	}
}

func nothingRestarted() drills.Check {
	return drills.Check{
		Name:   "nothing was restarted",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.Lives(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			if len(before) == 0 {
				return "", errors.New("nothing was taken down before the fault")
			}
			after, err := s.Stack.Lives(ctx)
			if err != nil {
				return "", err
			}
			if ended := drills.Missing(before, after); len(ended) > 0 {
				return "", drills.Violated("not the process that it was: %s", strings.Join(ended, "; "))
			}
			return fmt.Sprintf("all %d services are the processes that they were", len(after)), nil
		},
	}
}
