package playbook_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
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
	It("brings every file back, for those who have the key alone", func(ctx context.Context) {
		stack := startStack(ctx)
		env := stack.ScriptEnv()
		made := run(ctx, stack, env, "backup-config.sh")
		Expect(made.Failure()).NotTo(HaveOccurred())
		archive := "/var/backups/cogitator/config/" + made.Facts["backup"] + "/config.tar.gz.age"
		Expect(output(ctx, stack, "bash", "-c", "age --decrypt --identity "+env["BACKUP_KEY_FILE"]+" "+archive+" | tar --list --gzip")).To(SatisfyAll(
			ContainSubstring("opt/cogitator/config/runtime.json"), ContainSubstring("opt/cogitator/.env"),
			ContainSubstring("etc/cogitator/pgpass"), ContainSubstring("etc/cogitator/s3-credentials"), Not(ContainSubstring(".key"))))

		// Nothing is left but the object store, and what it takes to get at it.
		output(ctx, stack, "bash", "-c", `rm -r /opt/cogitator/config /opt/cogitator/.env /etc/cogitator /var/backups/cogitator
			age-keygen -o /root/another.key 2> /dev/null`)

		locked := maps.Clone(env)
		locked["BACKUP_KEY_FILE"] = "/root/another.key"
		refused := run(ctx, stack, locked, "restore-config.sh", "latest-verified")
		Expect(refused.ExitCode).To(Equal(70))
		Expect(refused.Steps[0].Output).To(ContainSubstring("refused " + made.Facts["backup"] + ": wrong key"))
		output(ctx, stack, "bash", "-c", "! ls -d /etc/cogitator* /opt/cogitator/config* 2> /dev/null")

		restored := run(ctx, stack, env, "restore-config.sh", "latest-verified")
		Expect(restored.Failure()).NotTo(HaveOccurred())
		Expect(output(ctx, stack, "cat", "/opt/cogitator/config/runtime.json")).To(ContainSubstring("pool"))
		Expect(output(ctx, stack, "stat", "--format", "%a", "/etc/cogitator/pgpass")).To(Equal("600\n"))
		output(ctx, stack, "cmp", env["AWS_SHARED_CREDENTIALS_FILE"], "/etc/cogitator/s3-credentials")

		// Once more over what is there: it is put aside.
		Expect(run(ctx, stack, env, "restore-config.sh").Failure()).NotTo(HaveOccurred())
		Expect(output(ctx, stack, "bash", "-c", "ls -d /etc/cogitator.before-restore-*")).NotTo(BeEmpty())
	}, SpecTimeout(2*time.Minute))
})

func startStack(ctx context.Context) *fixtures.Stack {
	GinkgoHelper()
	engine, err := fixtures.Connect(ctx)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(engine.Close)
	needs := fixtures.Needs{ObjectStore: true}
	had, err := images.Ensure(ctx, engine.Client, needs.ImageKeys(), nil, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	files := map[string]fixtures.File{}
	names, err := fs.Glob(scripts.Files, "*.sh")
	Expect(err).NotTo(HaveOccurred())
	for _, name := range names {
		content, err := fs.ReadFile(scripts.Files, name)
		Expect(err).NotTo(HaveOccurred())
		files[name] = fixtures.File{Content: content, Mode: 0o755}
	}
	id := runID()
	stack, err := fixtures.Start(ctx, engine, needs, fixtures.Options{RunID: id, StackID: id, Images: had, Scripts: files})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(stack.Close)
	return stack
}

func run(ctx context.Context, stack *fixtures.Stack, env map[string]string, name string, args ...string) runbook.Transcript {
	runner := runbook.Runner{Exec: stack, Clock: recovery.NewClock(), Log: GinkgoWriter}
	return runner.Run(ctx, runbook.Script{Name: name, Path: stack.ScriptPath(name), Args: args}, env)
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
