package playbook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// WASM sandbox failures.
func wasmDrills() []drills.Drill {
	needs := fixtures.Needs{Workers: 2, ObjectStore: true, Plugins: true}
	rates := map[recovery.Class]int{recovery.Runs: 8}
	return []drills.Drill{{
		Name: "wasm-cache-corrupt", Scenario: wasm, Title: "Files of the plugin cache are damaged",
		Recovery: "clear the cache, restart the workers",
		Proves:   "the plugin answers right; damage gave an error, not a wrong answer",
		Labels:   []string{"scenario=wasm", "store=wasm"},
		Needs:    needs, Probe: workload.Plugins, Rates: rates,
		Fault:     faults.DamagedPlugins{},
		Scripts:   []drills.Script{{Name: "clear-plugin-cache.sh"}},
		Objective: objective(sandboxRTO), Settle: settle,
		Checks: []drills.Check{damageIsAnError(), publishedPlugins(), sameRuntime(), everyRunCompletes()},
	}, {
		Name: "wasm-runtime-broken", Scenario: wasm, Title: "The Extism runtime is damaged",
		Recovery: "reinstall it at the locked version",
		Proves:   "version before = version after",
		Limits:   "The package comes from the object store, as from a mirror of the registry; a reinstallation from the public registry is not rehearsed.",
		Labels:   []string{"scenario=wasm", "store=wasm"},
		Needs:    needs, Probe: workload.Plugins, Rates: rates,
		Fault:     faults.BrokenRuntime{},
		Scripts:   []drills.Script{{Name: "reinstall-extism.sh"}},
		Objective: objective(sandboxRTO), Settle: settle,
		Checks: []drills.Check{publishedPlugins(), sameRuntime(), everyRunCompletes()},
	}}
}

// damageIsAnError checks what callers were told while the files were damaged. One of them still runs,
// and subtracts: nothing but its checksum keeps that from them.
func damageIsAnError() drills.Check {
	return drills.Check{
		Name: "damage gave an error, not a wrong answer",
		After: func(_ context.Context, s drills.Site) (string, error) {
			refused := 0
			for _, failure := range s.Failures {
				var wrong *workload.WrongAnswerError
				if errors.As(failure, &wrong) {
					return "", drills.Violated("%s", wrong)
				}
				if strings.Contains(failure.Error(), "does not match its checksum") {
					refused++
				}
			}
			if refused == 0 {
				return "", errors.New("no caller met the damage")
			}
			return fmt.Sprintf("%d calls were refused for the damage, none was answered wrong", refused), nil
		},
	}
}

// sameRuntime checks that every worker has the runtime it had, to the byte: its version with it.
func sameRuntime() drills.Check {
	return drills.Check{
		Name:   "the Extism runtime is the one before, on every worker",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.RuntimeFiles(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(fixtures.Digests)
			after, err := s.Stack.RuntimeFiles(ctx)
			if err != nil {
				return "", err
			}
			if len(before) == 0 {
				return "", errors.New("there was no runtime before the fault")
			}
			for file, was := range before {
				if after[file] != was {
					return "", drills.Violated("%s is not what it was", file)
				}
			}
			for file := range after {
				if _, known := before[file]; !known {
					return "", drills.Violated("%s was not there before", file)
				}
			}
			versions, err := s.Stack.RuntimeVersions(ctx)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("version %s, all %d files as before", strings.Join(versions, ", "), len(before)), nil
		},
	}
}

// publishedPlugins checks that the plugins are those that were published, in the object store as on every worker's
// disk. A checksum that lies beside a plugin, and answers to questions that somebody thought of, may both be right of another one.
func publishedPlugins() drills.Check {
	return drills.Check{
		Name: "the plugins are those that were published",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			published := s.Stack.PublishedPlugins()
			if len(published) == 0 {
				return "", errors.New("nothing was published")
			}
			stored, err := s.Stack.StoredPlugins(ctx)
			if err != nil {
				return "", err
			}
			if err := sameAsPublished("the object store", "", stored, published); err != nil {
				return "", err
			}
			for file := range published {
				if stored[file] == "" {
					return "", drills.Violated("the object store has no %s any more", file)
				}
			}
			cached := 0
			for _, worker := range s.Stack.Workers() {
				files, err := s.Stack.CachedPlugins(ctx, worker)
				if err != nil {
					return "", err
				}
				maps.DeleteFunc(files, func(file, _ string) bool { return strings.HasPrefix(file, ".") }) // half-written, and never read
				if err := sameAsPublished(worker, "plugins/", files, published); err != nil {
					return "", err
				}
				cached += len(files)
			}
			if cached == 0 {
				return "", errors.New("no worker has a plugin in its cache")
			}
			return fmt.Sprintf("%d files in the object store, and %d on the workers' disks", len(stored), cached), nil
		},
	}
}

// sameAsPublished makes a finding of a file that was not published, or not like this. Paths of what was published begin with dir.
func sameAsPublished(where, dir string, files, published fixtures.Digests) error {
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if sum := files[file]; sum != published[dir+file] {
			return drills.Violated("%s of %s is not what was published: its SHA-256 is %s", file, where, sum)
		}
	}
	return nil
}
