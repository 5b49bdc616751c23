package playbook_test

import (
	"context"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
)

const library = ". /opt/cogitator/scripts/lib.sh\n"

// What only a real object store can show of the scripts that use one.
var _ = Describe("The object store", Label("backup"), func() {
	It("holds backups that are whole, and is never taken for empty", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{})
		env := stack.ScriptEnv()
		first := run(ctx, stack, env, "backup-redis.sh")
		Expect(first.Failure()).NotTo(HaveOccurred())
		second := run(ctx, stack, env, "backup-redis.sh")
		Expect(second.Failure()).NotTo(HaveOccurred())
		chosen := func() string {
			return strings.TrimSpace(shell(ctx, stack, env, library+`choose_backup redis latest-verified > /dev/null; basename "$CHOSEN"`))
		}

		By("choosing where the store cannot be asked")
		shell(ctx, stack, env, `sed 's/secret_access_key = .*/&0/' "$AWS_SHARED_CREDENTIALS_FILE" > /root/rotated`)
		for name, wrong := range map[string]string{"AWS_SHARED_CREDENTIALS_FILE": "/root/rotated", "AWS_ENDPOINT_URL": "http://store:1"} {
			for _, script := range []string{"verify-backup.sh redis latest-verified", "restore-redis.sh latest-verified"} {
				words := strings.Fields(script)
				failed := run(ctx, stack, with(env, name, wrong), words[0], words[1:]...)
				Expect(failed.ExitCode).To(Equal(70))
				Expect(failed.Steps).To(HaveLen(1))
				Expect(failed.Steps[0].Output).To(SatisfyAll(ContainSubstring("failed: the object store"), Not(ContainSubstring("verifies"))))
			}
		}

		By("choosing where an upload was cut off")
		Expect(chosen()).To(Equal(second.Facts["backup"]))
		shell(ctx, stack, env, library+"store_delete redis/"+second.Facts["backup"]+"/manifest.json")
		Expect(chosen()).To(ContainSubstring("manifest.json is missing: the backup is incomplete\n" + first.Facts["backup"]))

		By("removing what is older than no days at all")
		third := run(ctx, stack, with(env, "RETENTION_DAYS", "0"), "backup-redis.sh")
		Expect(third.Failure()).NotTo(HaveOccurred())
		Expect(shell(ctx, stack, env, library+"list_backups redis; echo ${NAMES[*]}; ls $BACKUP_DIR/redis; store_list redis/; echo ${#STORE_KEYS[@]}")).
			To(Equal(third.Facts["backup"] + "\n" + third.Facts["backup"] + "\n4\n"))

		By("uploading in parts")
		shell(ctx, stack, env, library+`head --bytes 20M /dev/urandom > /root/large
			STORE_PUT_LIMIT=$((1 << 20)); sum=$(sha256sum < /root/large)
			store_put /root/large large/object "${sum%% *}"; store_holds large/object "${sum%% *}"; ! store_holds large/object 0`)

		By("listing more than one page")
		_, err := stack.RunOn(ctx, "store", `cd /data/cogitator-backups
			for i in $(seq --format 'many/many-20260101T000000.%06gZ' 1 2300); do echo "$i"; done | xargs mkdir -p
			for i in many/*; do : > "$i/manifest.json"; done`)
		Expect(err).NotTo(HaveOccurred())
		Expect(shell(ctx, stack, env, library+`list_backups many; echo "${#NAMES[@]} $NAMES"`)).To(Equal("2300 many-20260101T000000.002300Z\n"))
	}, SpecTimeout(3*time.Minute))
})
