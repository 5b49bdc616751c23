package playbook_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing/fstest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// The sabotages are scripts that end well and recover nothing.
const (
	nothing = "nothing" // does nothing
	fake    = "fake"    // says that all went well; those in testdata/fake do something that looks like it
)

// sabotaged is the text of a script under a sabotage.
func sabotaged(script, sabotage string) []byte {
	if sabotage == nothing {
		return []byte("#!/bin/bash\nexit 0\n")
	}
	if cunning, err := os.ReadFile(filepath.Join("testdata", "fake", script)); err == nil {
		return cunning
	}
	return []byte("#!/bin/bash\necho '==> restore (deadline 30s)'\necho 'restored'\necho '==> verify (deadline 30s)'\necho 'all is well'\n")
}

// mutant is a drill of which one recovery script, or each of several, is sabotaged.
type mutant struct {
	drill    drills.Drill
	sabotage string
	scripts  []string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s with %v: %s", m.drill.Name, m.scripts, m.sabotage)
}

func (m mutant) files() fs.FS {
	files := fstest.MapFS{}
	for _, name := range m.scripts {
		files[name] = &fstest.MapFile{Data: sabotaged(name, m.sabotage), Mode: 0o755}
	}
	return files
}

// mutants are all sabotages of the drills: of all their scripts at once, and of each by itself. A
// drill without scripts recovers by itself, and has none.
func mutants(all []drills.Drill) (made []mutant) {
	for _, drill := range all {
		var names []string
		for _, s := range drill.Scripts {
			names = append(names, s.Name)
		}
		for _, sabotage := range []string{nothing, fake} {
			if len(names) > 1 {
				made = append(made, mutant{drill, sabotage, names})
			}
			for _, name := range names {
				made = append(made, mutant{drill, sabotage, []string{name}})
			}
		}
	}
	return made
}

// survives says why a mutant was not found out; nil when it was.
func (m mutant) survives(result reports.Drill) error {
	switch {
	case result.Verdict == reports.Met:
		return fmt.Errorf("%s is met", m)
	case result.Hit == "":
		return fmt.Errorf("%s did not get to its fault: %v", m, result.Reasons)
	}
	// A drill with known gaps is missed in any case: what the sabotage broke must show as well.
	looksFine, err := SatisfyAll(drills.MeetRTO(), drills.BeIntact()).Match(result)
	if err == nil && looksFine {
		err = fmt.Errorf("%s shows its known gaps alone: %v", m, result.Reasons)
	}
	return err
}

// kill rehearses the mutants, and says how many of them were found out. Figures do not matter here,
// so that they run side by side.
func kill(ctx context.Context, all []mutant) {
	GinkgoHelper()
	survivors := make([]error, len(all))
	var group errgroup.Group
	group.SetLimit(2)
	for i, m := range all {
		group.Go(func() error {
			defer GinkgoRecover()
			plan := drills.Plan{Drills: []drills.Drill{m.drill}, Scripts: m.files()}
			survivors[i] = m.survives(rehearse(ctx, plan).Drills[0])
			return nil
		})
	}
	Expect(group.Wait()).To(Succeed())
	killed := len(all)
	for _, survivor := range survivors {
		if survivor != nil {
			killed--
		}
	}
	AddReportEntry(fmt.Sprintf("sabotage: %d of %d mutants found out, %.0f %%", killed, len(all), 100*float64(killed)/float64(len(all))),
		ReportEntryVisibilityAlways)
	Expect(survivors).To(HaveEach(BeNil()))
}

// A drill whose recovery does not recover must never be met.
var _ = Describe("A sabotaged recovery", Label("sabotage"), func() {
	It("is never met, whichever script of whichever drill it is", Label("exhaustive"), func(ctx context.Context) {
		kill(ctx, mutants(playbook.Drills()))
	}, SpecTimeout(2*time.Hour))

	It("is never met, in a sample of the drills", func(ctx context.Context) {
		kill(ctx, mutants([]drills.Drill{
			find("worker-kill"), find("redis-kill"), find("redis-volume-loss"),
			find("postgres-kill"), find("postgres-volume-loss-dump"), find("corrupt-json"),
			find("wrong-vector-dimensions"), find("sandbox-stuck"), find("sandbox-image-removed"),
		}))
	}, SpecTimeout(20*time.Minute))
})
