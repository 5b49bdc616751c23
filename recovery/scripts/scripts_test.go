package scripts

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names are the scripts, without what they source.
func names(t *testing.T) []string {
	t.Helper()
	found, err := fs.Glob(Files, "*.sh")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found, func(name string) bool { return slices.Contains(Libraries, name) })
}

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestScriptsAreTheOnesThatDrillsName(t *testing.T) {
	want := []string{
		"apply-infrastructure.sh",
		"backup-config.sh",
		"backup-postgres-base.sh",
		"backup-postgres.sh",
		"backup-redis.sh",
		"backup-sandbox-image.sh",
		"clear-plugin-cache.sh",
		"deploy-application.sh",
		"end-postgres-blocker.sh",
		"free-postgres-connections.sh",
		"load-sandbox-image.sh",
		"make-postgres-room.sh",
		"promote-postgres.sh",
		"promote-redis.sh",
		"pull-sandbox-image.sh",
		"raise-redis-memory.sh", "rebuild-vector-index.sh", "reconcile-queue.sh",
		"reinstall-extism.sh",
		"repair-agent-state.sh",
		"repair-json.sh",
		"repair-postgres-pages.sh",
		"repair-redis-aof.sh",
		"repair-vectors.sh",
		"replace-worker.sh",
		"reset-sandboxes.sh",
		"restart-postgres.sh",
		"restart-redis.sh",
		"restart-worker.sh",
		"restore-config.sh",
		"restore-postgres-pitr.sh",
		"restore-postgres-tables.sh",
		"restore-postgres.sh",
		"restore-redis.sh",
		"takeover-redis-cluster.sh",
		"verify-backup.sh",
		"verify-recovery.sh",
	}
	if got := names(t); !slices.Equal(got, want) {
		t.Errorf("scripts are %q, want %q", got, want)
	}
}

func TestScriptsFollowTheRules(t *testing.T) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			text := read(t, name)
			for _, rule := range []string{`\A#!/bin/bash\n# [A-Z]`, `(?m)^set -euo pipefail$`, `(?m)^\. "\$\(dirname "\$0"\)/lib\.sh"$`, `(?m)^require_env `} {
				if !regexp.MustCompile(rule).MatchString(text) {
					t.Errorf("no line matches %s", rule)
				}
			}
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm()&0o111 != 0o111 {
				t.Errorf("mode is %v, want it executable", info.Mode())
			}
			if !strings.Contains(readme(t), "`"+name) {
				t.Error("README.md does not name it")
			}
		})
	}
}

// A step without a name or a deadline would run unbounded, and a name of one word says nothing.
func TestEveryStepHasANameAndADeadline(t *testing.T) {
	call := regexp.MustCompile(`(?m)^\s*step\b.*$`)
	right := regexp.MustCompile(`^\s*step "[a-z]+ [a-zA-Z' -]+" [1-9][0-9]*$`)
	for _, name := range names(t) {
		steps := call.FindAllString(read(t, name), -1)
		if len(steps) == 0 {
			t.Errorf("%s has no step", name)
		}
		for _, step := range steps {
			if !right.MatchString(step) {
				t.Errorf("%s: %q, want step \"verb the noun\" SECONDS", name, step)
			}
		}
	}
}

// Variables that a script or the library takes from the environment: required, or with a default.
var (
	required   = regexp.MustCompile(`(?m)^require_env (.+)$`)
	defaulting = regexp.MustCompile(`\$\{([A-Z][A-Z_]+):?-`)
)

func TestEveryVariableIsDocumented(t *testing.T) {
	text := readme(t)
	for _, name := range append(names(t), Libraries...) {
		script := read(t, name)
		var variables []string
		for _, m := range required.FindAllStringSubmatch(script, -1) {
			variables = append(variables, strings.Fields(m[1])...)
		}
		for _, m := range defaulting.FindAllStringSubmatch(script, -1) {
			variables = append(variables, m[1])
		}
		for _, v := range variables {
			if !strings.Contains(text, "`"+v+"`") {
				t.Errorf("README.md does not document %s of %s", v, name)
			}
		}
	}
}

// A script ends where it declares what a library has made read-only, and shellcheck does not see it.
func TestNothingReadOnlyIsDeclaredTwice(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^readonly ([A-Z_]+)=`)
	by := map[string]string{}
	for _, name := range append(slices.Clone(Libraries), names(t)...) {
		for _, m := range declared.FindAllStringSubmatch(read(t, name), -1) {
			if first, taken := by[m[1]]; taken {
				t.Errorf("%s declares %s, which is read-only since %s", name, m[1], first)
			}
			if slices.Contains(Libraries, name) {
				by[m[1]] = name
			}
		}
	}
}
