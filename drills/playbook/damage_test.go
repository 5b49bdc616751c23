package playbook_test

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Damage of the backups of real stores: in a folder, and as an object store gives it back.
var _ = Describe("A damaged backup", Label("backup"), func() {
	It("is refused by name before anything is touched", func(ctx context.Context) {
		stack := startStack(ctx)
		env := stack.ScriptEnv()

		By("backing up the stores, and those of others")
		folder := with(env, "OBJECT_STORE_URL", "")
		shell(ctx, stack, env, "psql -qc 'CREATE DATABASE billing' && redis-cli -h redis SET name value")
		for _, kind := range []string{"postgres", "redis", "config"} {
			Expect(run(ctx, stack, folder, "backup-"+kind+".sh").Failure()).NotTo(HaveOccurred())
			other := with(with(folder, "BACKUP_DIR", "/root/others"), "SYSTEM_NAME", "staging")
			if kind == "postgres" {
				other = with(with(folder, "BACKUP_DIR", "/root/others"), "PGDATABASE", "billing")
			}
			Expect(run(ctx, stack, other, "backup-"+kind+".sh").Failure()).NotTo(HaveOccurred())
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
	}, SpecTimeout(5*time.Minute))
})

// traces prints what a restore would change: the servers that run, the database, the keys, the files.
const traces = `psql -qAt << 'SQL'
SELECT pg_postmaster_start_time(), (SELECT string_agg(oid || datname, ' ' ORDER BY oid) FROM pg_database);
SELECT rolname FROM pg_roles ORDER BY rolname;
SQL
redis-cli -h redis INFO server | grep -E '^(run_id|process_id)'
redis-cli -h redis GET name
find $CONFIG_PATHS -printf '%p %i %T@\n' | sort`
