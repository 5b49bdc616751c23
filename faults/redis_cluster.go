package faults

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// RedisCluster is the stack's Redis Cluster.
type RedisCluster interface {
	// Primaries are the nodes that serve slots, and those of them that have a replica.
	Primaries(ctx context.Context) (all, replicated []string, err error)
	// AwaitFailover waits until the nodes that are left serve all slots again, and have for a while.
	AwaitFailover(ctx context.Context) error
}

// KillPrimary ends one of the cluster's primaries with SIGKILL; the others can replace it. The seed picks it.
type KillPrimary struct{}

// Describe implements Fault.
func (KillPrimary) Describe() string { return "SIGKILL of one primary of the Redis Cluster" }

// Inject implements Fault.
func (KillPrimary) Inject(ctx context.Context, t Target) (string, error) {
	_, replicated, err := t.System.Primaries(ctx)
	if err != nil {
		return "", err
	}
	if len(replicated) == 0 {
		return "", fmt.Errorf("%w: no primary has a replica", ErrNothingHit)
	}
	return kill(ctx, t.System, replicated[t.Rand.IntN(len(replicated))])
}

// KillMajority ends so many of the cluster's primaries at once that those left can replace none.
// All of them have a replica.
type KillMajority struct{}

// Describe implements Fault.
func (KillMajority) Describe() string {
	return "SIGKILL of the majority of the primaries of the Redis Cluster"
}

// Inject implements Fault.
func (KillMajority) Inject(ctx context.Context, t Target) (string, error) {
	all, replicated, err := t.System.Primaries(ctx)
	if err != nil {
		return "", err
	}
	majority := len(all)/2 + 1
	if len(all) == 0 || len(replicated) < majority {
		return "", fmt.Errorf("%w: %d of %d primaries have a replica, and %d are to be lost", ErrNothingHit, len(replicated), len(all), majority)
	}
	lost := replicated[:majority]
	group, inGroup := errgroup.WithContext(ctx)
	for _, primary := range lost {
		group.Go(func() error {
			_, err := kill(inGroup, t.System, primary)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	return fmt.Sprintf("killed %s, of %d primaries", strings.Join(lost, " and "), len(all)), nil
}

// AwaitFailover breaks nothing: it stands between two faults, and waits until the cluster has
// recovered from the first by itself. A cluster that does not has shown nothing of the second.
type AwaitFailover struct{}

// Describe implements Fault.
func (AwaitFailover) Describe() string { return "once the cluster has failed over by itself" }

// Inject implements Fault.
func (AwaitFailover) Inject(ctx context.Context, t Target) (string, error) {
	began := time.Now()
	if err := t.System.AwaitFailover(ctx); err != nil {
		return "", fmt.Errorf("the cluster did not fail over by itself: %w", err)
	}
	return fmt.Sprintf("all slots were served again for a second %.1f s later", time.Since(began).Seconds()), nil
}
