package playbook_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// No drill restores the configuration yet, so that its backup is held to its word here.
var _ = Describe("The configuration backup", Label("backup"), func() {
	It("brings every file back, for those who have the key alone", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{})
		env := stack.ScriptEnv()
		made := run(ctx, stack, env, "backup-config.sh")
		Expect(made.Failure()).NotTo(HaveOccurred())
		archive := "/var/backups/cogitator/config/" + made.Facts["backup"] + "/config.tar.gz.age"
		Expect(shell(ctx, stack, env, `age --decrypt --identity "$BACKUP_KEY_FILE" `+archive+" | tar --list --gzip")).To(SatisfyAll(
			ContainSubstring("opt/cogitator/config/runtime.json"), ContainSubstring("opt/cogitator/.env"),
			ContainSubstring("etc/cogitator/pgpass"), ContainSubstring("etc/cogitator/s3-credentials"), Not(ContainSubstring(".key"))))

		// Nothing is left but the object store, and what it takes to get at it.
		shell(ctx, stack, env, `rm -r /opt/cogitator/config /opt/cogitator/.env /etc/cogitator /var/backups/cogitator
			age-keygen -o /root/another.key 2> /dev/null`)

		refused := run(ctx, stack, with(env, "BACKUP_KEY_FILE", "/root/another.key"), "restore-config.sh", "latest-verified")
		Expect(refused.ExitCode).To(Equal(70))
		Expect(refused.Steps[0].Output).To(ContainSubstring("refused " + made.Facts["backup"] + ": wrong key"))
		shell(ctx, stack, env, "! ls -d /etc/cogitator* /opt/cogitator/config* 2> /dev/null")

		restored := run(ctx, stack, env, "restore-config.sh", "latest-verified")
		Expect(restored.Failure()).NotTo(HaveOccurred())
		Expect(shell(ctx, stack, env, "cat /opt/cogitator/config/runtime.json")).To(ContainSubstring("pool"))
		Expect(shell(ctx, stack, env, "stat --format %a /etc/cogitator/pgpass")).To(Equal("600\n"))
		shell(ctx, stack, env, `cmp "$AWS_SHARED_CREDENTIALS_FILE" /etc/cogitator/s3-credentials`)

		// Once more over what is there: it is put aside.
		Expect(run(ctx, stack, env, "restore-config.sh").Failure()).NotTo(HaveOccurred())
		Expect(shell(ctx, stack, env, "ls -d /etc/cogitator.before-restore-*")).NotTo(BeEmpty())
	}, SpecTimeout(2*time.Minute))
})
