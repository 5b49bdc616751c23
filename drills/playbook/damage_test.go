package playbook_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// Damage of the backups of real stores: in a folder, and as an object store gives it back.
var _ = Describe("A damaged backup", Label("backup"), func() {
	It("is refused by name before anything is touched", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{WALArchive: true, Sandboxes: 1})
		env := stack.ScriptEnv()

		By("backing up the stores, and those of others")
		folder := with(env, "OBJECT_STORE_URL", "")
		shell(ctx, stack, env, "psql -qc 'CREATE DATABASE billing' && redis-cli -h redis SET name value")
		for _, kind := range []string{"postgres", "postgres-base", "redis", "config", "sandbox"} {
			Expect(run(ctx, stack, folder, "backup-"+backupScript(kind)).Failure()).NotTo(HaveOccurred())
			other := with(with(folder, "BACKUP_DIR", "/root/others"), "SYSTEM_NAME", "staging")
			if kind == "postgres" {
				other = with(with(folder, "BACKUP_DIR", "/root/others"), "PGDATABASE", "billing")
			}
			Expect(run(ctx, stack, other, "backup-"+backupScript(kind)).Failure()).NotTo(HaveOccurred())
		}
		before := shell(ctx, stack, env, traces)

		seed := GinkgoRandomSeed() % (1 << 15)
		for count, env := range map[int]map[string]string{200: folder, 20: env} {
			By(fmt.Sprintf("damaging %d with the seed %d", count, seed))
			said := shell(ctx, stack, with(env, "OTHER_DIR", "/root/others"), fmt.Sprintf("/opt/cogitator/scripts/damage.sh %d %d /opt/cogitator/scripts", seed, count))
			GinkgoWriter.Println(said)
			Expect(said).To(ContainSubstring(fmt.Sprintf("refused all %d", count)))
			Expect(shell(ctx, stack, env, traces)).To(Equal(before))
		}

		By(fmt.Sprintf("damaging the streamed log with the seed %d", seed))
		said := shell(ctx, stack, folder, fmt.Sprintf("/opt/cogitator/scripts/damage-log.sh %d 200 /opt/cogitator/scripts", seed))
		GinkgoWriter.Println(said)
		Expect(said).To(MatchRegexp("refused 1[0-9]{2} of 200"))

		By("damaging the end of the log that is there")
		_, err := stack.RunOn(ctx, "wal-receiver", `log=$(ls /var/lib/postgresql/data/*.partial | tail -n 1); printf x | dd of="$log" bs=1 seek=$((1 << 20)) conv=notrunc status=none`)
		Expect(err).NotTo(HaveOccurred())
		for _, script := range []string{"restore-postgres-pitr.sh", "repair-postgres-pages.sh", "restore-postgres-tables.sh latest-verified runs"} {
			words := strings.Fields(script)
			refused := run(ctx, stack, folder, words[0], words[1:]...)
			Expect(refused.ExitCode).To(Equal(70))
			Expect(refused.Steps[len(refused.Steps)-1].Output).To(ContainSubstring("failed: the streamed log is damaged at"))
			Expect(shell(ctx, stack, env, traces)).To(Equal(before))
		}
	}, SpecTimeout(8*time.Minute))

	It("needs no log that is older than the oldest sound one", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{WALArchive: true})
		env := stack.ScriptEnv()
		segments := func() []string {
			listed, err := stack.RunOn(ctx, "wal-receiver", "ls /var/lib/postgresql/data")
			Expect(err).NotTo(HaveOccurred())
			return strings.Fields(listed)
		}
		for range 3 {
			Expect(run(ctx, stack, env, "backup-postgres-base.sh").Failure()).NotTo(HaveOccurred())
		}
		whole := segments()
		Expect(len(whole)).To(BeNumerically(">", 3))

		last := run(ctx, stack, with(env, "RETENTION_DAYS", "0"), "backup-postgres-base.sh")
		Expect(last.Failure()).NotTo(HaveOccurred())

		began := strings.TrimSpace(shell(ctx, stack, env, library+`choose_backup postgres-base latest-verified > /dev/null; manifest_value .startSegment`))
		Expect(segments()[0]).To(HavePrefix(began))
		shell(ctx, stack, env, "psql -qc 'CREATE TABLE after_backup ()'")
		restored := run(ctx, stack, env, "restore-postgres-pitr.sh")
		Expect(restored.Failure()).NotTo(HaveOccurred())
		shell(ctx, stack, env, "psql -qc 'SELECT FROM after_backup'")
	}, SpecTimeout(3*time.Minute))
})

// backupScript is the end of the name of the script that makes backups of a kind.
func backupScript(kind string) string {
	if kind == "sandbox" {
		return "sandbox-image.sh"
	}
	return kind + ".sh"
}

// traces prints what a restore would change: the servers that run, the database, the keys, the files.
const traces = `psql -qAt << 'SQL'
SELECT pg_postmaster_start_time(), (SELECT string_agg(oid || datname, ' ' ORDER BY oid) FROM pg_database);
SELECT rolname FROM pg_roles ORDER BY rolname;
SQL
redis-cli -h redis INFO server | grep -E '^(run_id|process_id)'
redis-cli -h redis GET name
find $CONFIG_PATHS -printf '%p %i %T@\n' | sort`
