package playbook_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/images"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
)

// startStack starts a stack with an object store and all scripts, and with those that damage backups and the log beside them.
func startStack(ctx context.Context, needs fixtures.Needs) *fixtures.Stack {
	GinkgoHelper()
	stack, _ := startNamedStack(ctx, needs)
	return stack
}

// startNamedStack also returns the name that is part of every container's.
func startNamedStack(ctx context.Context, needs fixtures.Needs) (*fixtures.Stack, string) {
	GinkgoHelper()
	engine, err := fixtures.Connect(ctx)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(engine.Close)
	needs.ObjectStore = true
	had, err := images.Ensure(ctx, engine.Client, needs.ImageKeys(), nil, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	files := map[string]fixtures.File{}
	for _, name := range []string{"damage.sh", "damage-log.sh"} {
		content, err := os.ReadFile("../../recovery/scripts/testdata/" + name)
		Expect(err).NotTo(HaveOccurred())
		files[name] = fixtures.File{Content: content, Mode: 0o755}
	}
	names, err := fs.Glob(scripts.Files, "*.sh")
	Expect(err).NotTo(HaveOccurred())
	for _, name := range names {
		content, err := fs.ReadFile(scripts.Files, name)
		Expect(err).NotTo(HaveOccurred())
		files[name] = fixtures.File{Content: content, Mode: 0o755}
	}
	id := runID()
	stack, err := fixtures.Start(ctx, engine, needs, fixtures.Options{RunID: id, StackID: id, Images: had, Scripts: files})
	if stack != nil {
		DeferCleanup(stack.Close)
	}
	Expect(err).NotTo(HaveOccurred())
	return stack, id
}

// run runs a script as a drill does.
func run(ctx context.Context, stack *fixtures.Stack, env map[string]string, name string, args ...string) runbook.Transcript {
	runner := runbook.Runner{Exec: stack, Clock: recovery.NewClock(), Log: GinkgoWriter}
	return runner.Run(ctx, runbook.Script{Name: name, Path: stack.ScriptPath(name), Args: args}, env)
}

// shell runs a piece of bash in the operator container and returns what it printed.
func shell(ctx context.Context, stack *fixtures.Stack, env map[string]string, text string) string {
	GinkgoHelper()
	var out bytes.Buffer
	code, err := stack.Exec(ctx, runbook.Command{Args: []string{"bash", "-euo", "pipefail", "-c", text}, Env: env}, &out)
	Expect(err).NotTo(HaveOccurred())
	Expect(code).To(BeZero(), out.String())
	return out.String()
}

// with is an environment with another value for one variable.
func with(env map[string]string, name, value string) map[string]string {
	changed := maps.Clone(env)
	changed[name] = value
	return changed
}
