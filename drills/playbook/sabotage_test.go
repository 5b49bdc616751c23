package playbook_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing/fstest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
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

// errNoise means that nothing was found against a mutant but what a busy machine does to any drill.
var errNoise = errors.New("it is not proven, for reasons that say nothing of its scripts")

// survives says why a mutant was not found out; nil when it was.
func (m mutant) survives(result reports.Drill) error {
	switch {
	case result.Verdict == reports.Met:
		return fmt.Errorf("%s is met", m)
	case m.isFoundOut(result):
		return nil
	case result.Verdict == reports.NotProven:
		return fmt.Errorf("%s: %w: %v", m, errNoise, result.Reasons)
	default:
		// A drill with accepted risks is missed in any case: what the sabotage broke must show as well.
		return fmt.Errorf("%s shows its accepted risks alone: %v", m, result.Reasons)
	}
}

// isFoundOut says whether something was found that can only come of the sabotage: the service was not restored, a script
// failed, data is lost or wrong, or a proof does not hold or could not be made. What is wrong before the recovery, an
// outage that was not seen or not measured well enough, and a verification that broke off may be the machine's doing.
func (m mutant) isFoundOut(result reports.Drill) bool {
	return result.RTO.Verdict == reports.Missed ||
		slices.ContainsFunc(result.Steps, m.hasFailed) ||
		slices.ContainsFunc(result.Findings, isUnexpected) ||
		slices.ContainsFunc(result.RPO, disagrees) ||
		slices.ContainsFunc(result.Proofs, func(p reports.Proof) bool { return p.Verdict != reports.Met })
}

// hasFailed says whether a step of the recovery failed by itself: the harness neither failed to run it nor broke it off.
func (m mutant) hasFailed(step reports.Step) bool {
	return slices.ContainsFunc(m.drill.Scripts, func(s drills.Script) bool { return s.Name == step.Script }) &&
		!slices.Contains([]int{0, runbook.ExitNotRun, runbook.ExitInterrupted}, step.ExitCode)
}

// isUnexpected says whether something was missed that is not accepted anyway.
func isUnexpected(f reports.Finding) bool { return f.Verdict == reports.Missed && f.Accepted == nil }

// disagrees says whether a class was read back and is of another extent than the store itself states, which leaves it
// not proven.
func disagrees(rpo reports.RPO) bool {
	return rpo.Verdict == reports.NotProven && rpo.ObservedSeconds != nil && rpo.Acknowledged > 0
}

// rehearse says why a mutant was not found out. One that shows noise alone gets a second chance to show more.
func (m mutant) rehearse(ctx context.Context) error {
	run := func() error {
		return m.survives(rehearse(ctx, drills.Plan{Drills: []drills.Drill{m.drill}, Scripts: m.files()}).Drills[0])
	}
	survivor := run()
	if errors.Is(survivor, errNoise) {
		noteOnceMore(survivor.Error())
		survivor = run()
	}
	return survivor
}

// sampleSize is how many sabotages stand for all others where there is no time for all.
const sampleSize = 8

// sample draws sabotages of as many drills by the suite's seed, so that in time every one has its turn.
func sample(all []mutant, seed int64) (drawn []string) {
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	taken := map[string]bool{}
	for _, i := range random.Perm(len(all)) {
		if name := all[i].drill.Name; len(drawn) < sampleSize && !taken[name] {
			taken[name] = true
			drawn = append(drawn, all[i].String())
		}
	}
	return drawn
}

// A drill whose recovery does not recover must never be met, whichever script of it is sabotaged.
var _ = Describe("A sabotaged recovery is never met:", Label("sabotage"), func() {
	all := mutants(playbook.Drills())
	drawn := sample(all, GinkgoRandomSeed())
	for _, m := range all {
		labels := Label()
		if !slices.Contains(drawn, m.String()) {
			labels = Label("exhaustive")
		}
		It(m.String(), labels, func(ctx context.Context) {
			Expect(m.rehearse(ctx)).To(Succeed())
		}, SpecTimeout(10*time.Minute))
	}
})
