package playbook_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// What the harness itself promises, whatever happens to it or to a script.
var _ = Describe("The harness", Label("harness"), func() {
	DescribeTable("cleans up and writes the record when it is interrupted", func(ctx context.Context, when string) {
		run := startRun("redis-kill", "redis-volume-loss")
		Eventually(ctx, run.session.Out).Should(gbytes.Say(when))
		Expect(run.left(ctx)).NotTo(BeEmpty())

		run.session.Interrupt()

		Eventually(ctx, run.session).Should(gexec.Exit(2))
		Expect(run.left(ctx)).To(BeEmpty())
		record := readRecord(filepath.Join(run.results, run.id()))
		Expect(record.Run.Aborted).NotTo(BeEmpty())
		Expect(record.Drills).To(HaveLen(2))
		Expect(record.Verdict()).To(Equal(reports.NotProven))
	},
		Entry("in the middle of a drill", "redis-kill: recover", SpecTimeout(3*time.Minute)),
		Entry("while it prepares a drill and finishes another", "redis-volume-loss: start the stack", SpecTimeout(3*time.Minute)),
	)

	It("takes down what a script prints on both outputs in the order in which it was printed", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{})
		script := runbook.Script{Name: "alternates", Path: "/bin/bash", Args: []string{"-c", `for i in {1..400}; do echo "==> step $i"; echo "failed: $i" >&2; done`}}
		for range 10 {
			told := runbook.Runner{Exec: stack}.Run(ctx, script, nil)
			Expect(told.Failure()).NotTo(HaveOccurred())
			Expect(told.Steps).To(HaveLen(400))
			for i, step := range told.Steps {
				Expect(step.Output).To(Equal(fmt.Sprintf("failed: %d\n", i+1)), step.Name)
			}
		}
	}, SpecTimeout(time.Minute))

	DescribeTable("names the step of a script that", func(ctx context.Context, script string, mode os.FileMode, step string, exitCode int) {
		scripts := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(scripts, "restart-redis.sh"), []byte("#!/bin/bash\n"+script), mode)).To(Succeed())
		drill := find("redis-kill")
		drill.Settle = 2 * time.Second

		result := rehearse(ctx, drills.Plan{Drills: []drills.Drill{drill}, Scripts: os.DirFS(scripts)}).Drills[0]

		Expect(result.Verdict).To(Equal(reports.Missed))
		Expect(result.Steps).NotTo(BeEmpty())
		last := result.Steps[len(result.Steps)-1]
		Expect(last.Name).To(Equal(step))
		Expect(last.ExitCode).To(Equal(exitCode))
		Expect(result.Reasons).To(ContainElement(ContainSubstring(step)))
	},
		Entry("fails", "echo '==> restart it'\nexit 7", os.FileMode(0o755), "restart it", 7, SpecTimeout(2*time.Minute)),
		Entry("hangs past its deadline", "echo '==> wait (deadline 1s)'\nsleep 600", os.FileMode(0o755), "wait", 124, SpecTimeout(2*time.Minute)),
		Entry("is not executable", "exit 0", os.FileMode(0o644), "restart-redis.sh", 126, SpecTimeout(2*time.Minute)),
	)
})

func find(name string) drills.Drill {
	GinkgoHelper()
	all := playbook.Drills()
	i := slices.IndexFunc(all, func(d drills.Drill) bool { return d.Name == name })
	Expect(i).To(BeNumerically(">=", 0), "no drill is called %s", name)
	return all[i]
}

// toolRun is the command line tool, running as a process of its own.
type toolRun struct {
	session *gexec.Session
	results string // a folder with the run's own in it
}

// tool is built once by each process of the suite.
var tool = sync.OnceValues(func() (string, error) { return gexec.Build("github.com/cogitator-ai/drdrill/cmd/drdrill") })

var _ = AfterSuite(gexec.CleanupBuildArtifacts)

// startRun has it rehearse the drills.
func startRun(names ...string) toolRun {
	GinkgoHelper()
	path, err := tool()
	Expect(err).NotTo(HaveOccurred())
	command := exec.Command(path, append([]string{"run", "--no-progress"}, names...)...)
	command.Dir = GinkgoT().TempDir()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill() })
	return toolRun{session, filepath.Join(command.Dir, "drill-results")}
}

// id is the run's, by which its folder is named; empty as long as it has none, and then nothing of it is on the engine.
func (r toolRun) id() string {
	GinkgoHelper()
	folders, err := filepath.Glob(filepath.Join(r.results, "*-*"))
	Expect(err).NotTo(HaveOccurred())
	if len(folders) == 0 {
		return ""
	}
	Expect(folders).To(HaveLen(1))
	return filepath.Base(folders[0])
}

// left is what is on the engine of the run.
func (r toolRun) left(ctx context.Context) []string {
	GinkgoHelper()
	id := r.id()
	if id == "" {
		return nil
	}
	return leftovers(ctx)[id]
}

func leftovers(ctx context.Context) map[string][]string {
	GinkgoHelper()
	engine, err := fixtures.Connect(ctx)
	Expect(err).NotTo(HaveOccurred())
	defer engine.Close()
	left, err := engine.Leftovers(ctx)
	Expect(err).NotTo(HaveOccurred())
	return left
}

func readRecord(dir string) reports.Record {
	GinkgoHelper()
	file, err := os.Open(filepath.Join(dir, "record.json"))
	Expect(err).NotTo(HaveOccurred())
	defer file.Close()
	record, err := reports.Read(file)
	Expect(err).NotTo(HaveOccurred())
	return record
}
