package playbook_test

import (
	"context"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
	"github.com/cogitator-ai/drdrill/reports"
)

// endAtEachStep has a script run itself first as often as it has steps, and end at each of them in turn, the later ones first,
// before that step does anything. The first step only looks, and when the last begins all is done: these are left out.
const endAtEachStep = `
step() {
  echo "==> $1${2:+ (deadline ${2}s)}"
  [[ ${ENDS_AT-} != "$1" ]] || exit "$EX_STEP"
}
if [[ -z ${ENDS_AT-} ]]; then
  while read -r at; do
    ENDS_AT=$at "$0" "$@" < /dev/null || echo "ended before: $at"
  done < <(sed -n 's/^ *step "\([^"]*\)".*/\1/p' "$0" | sed '1d;$d' | tac)
fi
`

// Whoever runs a script again after it failed must not find that it has made things worse.
var _ = Describe("A recovery that failed at every step", Label("harness"), func() {
	DescribeTable("is met when it is run again", func(ctx context.Context, name string) {
		drill := find(name)
		files := fstest.MapFS{}
		for _, script := range drill.Scripts {
			shipped, err := fs.ReadFile(scripts.Files, script.Name)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(shipped)).To(ContainSubstring(sourceLibrary))
			text := strings.Replace(string(shipped), sourceLibrary, sourceLibrary+endAtEachStep, 1)
			files[script.Name] = &fstest.MapFile{Data: []byte(text), Mode: 0o755}
		}

		result := rehearse(ctx, drills.Plan{Drills: []drills.Drill{drill}, Scripts: files}).Drills[0]

		Expect(result.Verdict).To(Equal(reports.Met), "reasons: %v", result.Reasons)
	},
		Entry("and the standby is promoted", "postgres-standby-promote", SpecTimeout(5*time.Minute)),
		Entry("and the replica is promoted", Label("exhaustive"), "redis-replica-promote", SpecTimeout(5*time.Minute)),
		Entry("and the cluster is whole", Label("exhaustive"), "redis-cluster-failover", SpecTimeout(5*time.Minute)),
		Entry("and Redis has memory", Label("exhaustive"), "redis-memory-full", SpecTimeout(5*time.Minute)),
		Entry("and the disk has room", "postgres-disk-full", SpecTimeout(5*time.Minute)),
	)
})
