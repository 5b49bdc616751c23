package playbook_test

import (
	"bytes"
	"context"
	"io/fs"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/images"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
)

// No drill restores the configuration yet, so that its backup is held to its word here.
var _ = Describe("The configuration backup", Label("backup"), func() {
	It("holds every file of the configuration, and is for nobody else to read", func(ctx context.Context) {
		stack := startStack(ctx)
		transcript := run(ctx, stack, "backup-config.sh")
		Expect(transcript.Failure()).NotTo(HaveOccurred())
		folder := "/var/backups/cogitator/config/" + transcript.Facts["backup"]

		Expect(output(ctx, stack, "tar", "--list", "--gzip", "--file", folder+"/config.tar.gz")).To(SatisfyAll(
			ContainSubstring("opt/cogitator/config/runtime.json"), ContainSubstring("opt/cogitator/.env"), ContainSubstring("etc/cogitator/pgpass")))
		Expect(output(ctx, stack, "find", folder, "-perm", "/007")).To(BeEmpty())
		output(ctx, stack, "bash", "-c", "cd "+folder+" && sha256sum --check --strict SHA256SUMS")
	}, SpecTimeout(2*time.Minute))
})

func startStack(ctx context.Context) *fixtures.Stack {
	GinkgoHelper()
	engine, err := fixtures.Connect(ctx)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(engine.Close)
	had, err := images.Ensure(ctx, engine.Client, fixtures.Needs{}.ImageKeys(), nil, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	files := map[string]fixtures.File{}
	for _, name := range []string{scripts.Library, "backup-config.sh"} {
		content, err := fs.ReadFile(scripts.Files, name)
		Expect(err).NotTo(HaveOccurred())
		files[name] = fixtures.File{Content: content, Mode: 0o755}
	}
	id := runID()
	stack, err := fixtures.Start(ctx, engine, fixtures.Needs{}, fixtures.Options{RunID: id, StackID: id, Images: had, Scripts: files})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(stack.Close)
	return stack
}

func run(ctx context.Context, stack *fixtures.Stack, name string) runbook.Transcript {
	runner := runbook.Runner{Exec: stack, Clock: recovery.NewClock(), Log: GinkgoWriter}
	return runner.Run(ctx, runbook.Script{Name: name, Path: stack.ScriptPath(name)}, stack.ScriptEnv())
}

// output runs a command in the operator container and returns what it printed.
func output(ctx context.Context, stack *fixtures.Stack, args ...string) string {
	GinkgoHelper()
	var out bytes.Buffer
	code, err := stack.Exec(ctx, runbook.Command{Args: args}, &out)
	Expect(err).NotTo(HaveOccurred())
	Expect(code).To(BeZero(), out.String())
	return out.String()
}
