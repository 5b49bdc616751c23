package playbook_test

import (
	"context"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// A drill whose recovery does not recover must never be met. Figures do not matter here, so that
// the drills run side by side.
var _ = Describe("A sabotaged recovery", Label("sabotage"), func() {
	for _, sabotage := range []string{"nothing", "fake"} {
		It("is never met: "+sabotage, func(ctx context.Context) {
			all := playbook.Drills()
			for i := range all {
				all[i].Settle = 5 * time.Second // nothing will come back: do not wait for it as long as a drill would
			}
			record := rehearse(ctx, drills.Plan{Drills: all, Parallel: 2, Scripts: os.DirFS(filepath.Join("testdata", sabotage))})
			for _, result := range record.Drills {
				Expect(result.Verdict).NotTo(Equal(reports.Met), result.Name)
				Expect(result.Hit).NotTo(BeEmpty(), "%s was sabotaged before its fault: %v", result.Name, result.Reasons)
				// A drill with known gaps is missed in any case: what the sabotage broke must show as well.
				Expect(result).NotTo(SatisfyAll(drills.MeetRTO(), drills.BeIntact()), "%s: %v", result.Name, result.Reasons)
			}
		}, SpecTimeout(10*time.Minute))
	}
})
