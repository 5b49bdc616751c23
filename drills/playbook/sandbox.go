package playbook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// poolSize is how many sandboxes the API keeps.
const poolSize = 3

// Docker sandbox failures.
func sandboxDrills() []drills.Drill {
	return []drills.Drill{{
		Name: "sandbox-stuck", Scenario: sandbox, Title: "Sandboxes freeze while they run tools",
		Recovery: "forced clean-up of the stuck ones, reset of the pool",
		Proves:   "a healthy sandbox of the same host, and one that is not this run's, live on",
		Labels:   []string{"scenario=sandbox", "store=sandbox"},
		Needs:    fixtures.Needs{Sandboxes: poolSize}, Probe: workload.Tools,
		Fault:     faults.FreezeSandboxes{},
		Scripts:   []drills.Script{{Name: "reset-sandboxes.sh"}},
		Objective: objective(sandboxRTO), Settle: settle,
		Checks: []drills.Check{healthyOneLives(), madeOfTheImage(), bystanderLives()},
	}, {
		Name: "sandbox-image-removed", Scenario: sandbox, Title: "The sandbox image is gone from the host",
		Recovery: "pull it again, by digest",
		Proves:   "the digest is the one before",
		Labels:   []string{"scenario=sandbox", "store=sandbox"},
		Needs:    fixtures.Needs{Sandboxes: poolSize}, Probe: workload.Tools,
		Fault:     faults.RemoveSandboxImage{},
		Scripts:   []drills.Script{{Name: "pull-sandbox-image.sh"}},
		Objective: objective(sandboxRTO), Settle: settle,
		Checks: []drills.Check{sameDigest(), madeOfTheImage(), bystanderLives()},
	}, {
		Name: "sandbox-image-corrupt", Scenario: sandbox, Title: "The sandbox image's tag points to a broken image",
		Recovery: "pull the right one by its digest, tag it, remove the broken one and its sandboxes",
		Proves:   "the digest is the one before; tools give right answers, from sandboxes made of that image alone",
		Labels:   []string{"scenario=sandbox", "store=sandbox"},
		Needs:    fixtures.Needs{Sandboxes: poolSize}, Probe: workload.Tools,
		Fault:     faults.BreakSandboxImage{},
		Scripts:   []drills.Script{{Name: "pull-sandbox-image.sh"}},
		Objective: objective(sandboxRTO), Settle: settle,
		Checks: []drills.Check{sameDigest(), madeOfTheImage(), bystanderLives()},
	}, {
		Name: "sandbox-registry-down", Scenario: sandbox, Title: "The sandbox image is gone, and so is the registry",
		Recovery: "load it from the archive that was saved",
		Proves:   "the image is the one before, by the digest of its configuration",
		Limits:   "An archive keeps no digest of a registry: that one is not there again until the image is pulled.",
		Labels:   []string{"scenario=sandbox", "store=sandbox"},
		Needs:    fixtures.Needs{Sandboxes: poolSize}, Probe: workload.Tools,
		Backups:   []drills.Backup{{Script: "backup-sandbox-image.sh", Every: compressed, Policy: imagePolicy}},
		Fault:     faults.Sequence{faults.Kill{Service: "registry"}, faults.RemoveSandboxImage{}},
		Scripts:   []drills.Script{{Name: "load-sandbox-image.sh", Args: []string{"latest-verified"}}},
		Objective: objective(sandboxRTO), Settle: settle, Changes: []drills.Change{registryStaysDown},
		Checks: []drills.Check{sameImage(), madeOfTheImage(), bystanderLives()},
	}}
}

// healthyOneLives checks that the one sandbox that the fault spared was spared by the recovery too,
// and that the frozen ones are gone.
func healthyOneLives() drills.Check {
	return drills.Check{
		Name:   "the healthy sandbox lives on, the stuck ones are gone",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.Sandboxes(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			after, err := s.Stack.Sandboxes(ctx)
			if err != nil {
				return "", err
			}
			if len(before) != poolSize {
				return "", fmt.Errorf("the pool had %d sandboxes before the fault, not %d", len(before), poolSize)
			}
			if !slices.Contains(after, before[0]) {
				return "", drills.Violated("the healthy sandbox %.12s was removed", before[0])
			}
			for _, stuck := range before[1:] {
				if slices.Contains(after, stuck) {
					return "", drills.Violated("the stuck sandbox %.12s is still there", stuck)
				}
			}
			if len(after) != poolSize {
				return "", drills.Violated("the pool has %d sandboxes, not %d", len(after), poolSize)
			}
			return fmt.Sprintf("sandbox %.12s lives on, %d others were replaced", before[0], len(before)-1), nil
		},
	}
}

// imagePolicy is how often the sandbox image is saved; it changes with releases.
const imagePolicy = 24 * time.Hour

func sameImage() drills.Check {
	return drills.Check{
		Name: "the image is the one before, by the digest of its configuration",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			is, pinned, err := s.Stack.SandboxImageID(ctx)
			if err != nil {
				return "", err
			}
			if pinned == "" || is != pinned {
				return "", drills.Violated("it is %q, and was %q", is, pinned)
			}
			return is, nil
		},
	}
}

// madeOfTheImage checks that the pool is whole, and made of the image that was pinned when the stack was made: whatever
// the tag points to by now, and though one of another image may answer right today. What was changed in a sandbox since
// makes another image of it as well.
func madeOfTheImage() drills.Check {
	return drills.Check{
		Name: "all sandboxes are made of the image",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			_, pinned, err := s.Stack.SandboxImageID(ctx)
			if err != nil {
				return "", err
			}
			pool, err := s.Stack.Sandboxes(ctx)
			if err != nil {
				return "", err
			}
			if len(pool) != poolSize {
				return "", drills.Violated("the pool has %d sandboxes, not %d", len(pool), poolSize)
			}
			of, err := s.Stack.SandboxImageIDs(ctx)
			if err != nil {
				return "", err
			}
			if !slices.Equal(of, []string{pinned}) {
				return "", drills.Violated("sandboxes are made of %.19q, and not all of %.19s", of, pinned)
			}
			if err := none(ctx, s.Stack.SandboxChanges, "files were changed in sandboxes"); err != nil {
				return "", err
			}
			return fmt.Sprintf("all %d are made of %.19s, and nothing in them was changed", len(pool), pinned), nil
		},
	}
}

func bystanderLives() drills.Check {
	return drills.Check{
		Name: "a sandbox that is not this run's lives on",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			lives, err := s.Stack.BystanderLives(ctx)
			if err != nil {
				return "", err
			}
			if !lives {
				return "", drills.Violated("it was stopped or removed")
			}
			return "it runs", nil
		},
	}
}

func sameDigest() drills.Check {
	return drills.Check{
		Name: "the image's digest is the one before",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			want := s.Stack.SandboxDigest()
			is, err := s.Stack.SandboxImageDigest(ctx)
			if err != nil {
				return "", err
			}
			if want == "" || is != want {
				return "", drills.Violated("it is %q, and was %q", is, want)
			}
			return is, nil
		},
	}
}
