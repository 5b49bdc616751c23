package playbook_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
)

const (
	// killedWithin is the time in which the instants of the kills lie: in a first drill as a rule, and in the change to a second.
	killedWithin = 30 * time.Second
	// goneWithin is how long anything may be left.
	goneWithin = 30 * time.Second
	// goneFor is how long nothing must be there to be taken for gone: the engine may still be making what a killed harness asked for.
	goneFor = 2 * time.Second
)

// kills is how many there are: 20, or as many as DRDRILL_KILLS says.
func kills() int {
	text, set := os.LookupEnv("DRDRILL_KILLS")
	if !set {
		return 20
	}
	count, err := strconv.Atoi(text)
	if err != nil {
		panic("DRDRILL_KILLS is no number: " + text)
	}
	return count
}

// A harness that gets no chance to clean up leaves nothing either. Which drill it is, and when, comes of the suite's seed.
var _ = Describe("The harness, killed at a random instant,", Label("harness", "kill"), func() {
	for n := range kills() {
		It(fmt.Sprintf("leaves nothing on the engine: %d", n+1), func(ctx context.Context) {
			random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), uint64(n)))
			var names []string
			for _, d := range playbook.Drills() {
				names = append(names, d.Name)
			}
			random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			instant := time.Duration(random.Int64N(int64(killedWithin)))
			AddReportEntry("kill", fmt.Sprintf("%s and %s after %s", names[0], names[1], instant), ReportEntryVisibilityFailureOrVerbose)

			run := startRun(names...)
			Consistently(ctx, run.session, instant).ShouldNot(gexec.Exit())
			if bytes.Contains(run.session.Out.Contents(), []byte(drills.PhaseLoad)) {
				Expect(run.left(ctx)).NotTo(BeEmpty(), "a run that has a stack is not found on the engine")
			}
			Eventually(ctx, run.session.Kill()).Should(gexec.Exit())

			expectGone(ctx, run)
		}, SpecTimeout(3*time.Minute))
	}

	// Nothing that could remove it runs yet.
	It("leaves nothing on the engine: as soon as there is anything", func(ctx context.Context) {
		run := startRun("redis-kill")
		Eventually(ctx, func() []string { return run.left(ctx) }).WithPolling(time.Millisecond).ShouldNot(BeEmpty())
		Eventually(ctx, run.session.Kill()).Should(gexec.Exit())
		expectGone(ctx, run)
	}, SpecTimeout(3*time.Minute))
})

// killedRun is the entry of a spec that killed a run.
const killedRun = "killed run"

// expectGone wants all of the killed run to go, and to stay gone.
func expectGone(ctx context.Context, run toolRun) {
	GinkgoHelper()
	AddReportEntry(killedRun, run.id(), ReportEntryVisibilityNever)
	left := func() []string { return run.left(ctx) }
	Eventually(ctx, left, goneWithin, time.Second/4).Should(BeEmpty())
	Consistently(ctx, left, goneFor, time.Second/4).Should(BeEmpty())
}

// Nothing has come back meanwhile either.
var _ = ReportAfterSuite("What killed runs left", func(ctx SpecContext, report Report) {
	var killed []string
	for _, spec := range report.SpecReports {
		for _, e := range spec.ReportEntries {
			if e.Name == killedRun && e.StringRepresentation() != "" {
				killed = append(killed, e.StringRepresentation())
			}
		}
	}
	if len(killed) == 0 {
		return
	}
	fmt.Printf("killed: %d runs, seed %d\n", len(killed), report.SuiteConfig.RandomSeed)
	left := leftovers(ctx)
	maps.DeleteFunc(left, func(id string, _ []string) bool { return !slices.Contains(killed, id) })
	Expect(left).To(BeEmpty())
}, NodeTimeout(time.Minute))
