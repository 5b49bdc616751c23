package playbook_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
var _ = Describe("The harness", Serial, Label("harness"), func() {
	It("leaves nothing behind 30 s after it was killed in the middle of a drill", func(ctx context.Context) {
		session, runID := startRun(ctx, "redis-volume-loss")
		Eventually(session.Out, time.Minute).Should(gbytes.Say("recover"))
		Expect(leftovers(ctx)[runID]).NotTo(BeEmpty())

		session.Kill()

		Eventually(func() []string { return leftovers(ctx)[runID] }, 30*time.Second, time.Second).Should(BeEmpty())
	}, SpecTimeout(3*time.Minute))

	It("cleans up and writes the record when it is interrupted", func(ctx context.Context) {
		out := GinkgoT().TempDir()
		session, runID := startRun(ctx, "redis-volume-loss", "--out", out)
		Eventually(session.Out, time.Minute).Should(gbytes.Say("recover"))

		session.Interrupt()

		Eventually(session, time.Minute).Should(gexec.Exit(2))
		Expect(leftovers(ctx)[runID]).To(BeEmpty())
		record := readRecord(out)
		Expect(record.Run.Aborted).NotTo(BeEmpty())
		Expect(record.Verdict()).To(Equal(reports.NotProven))
	}, SpecTimeout(3*time.Minute))

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

// startRun starts the command line tool as a process of its own, and returns it with the id of its
// run once that has put something on the engine.
func startRun(ctx context.Context, args ...string) (session *gexec.Session, runID string) {
	GinkgoHelper()
	tool, err := gexec.Build("github.com/cogitator-ai/drdrill/cmd/drdrill")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(gexec.CleanupBuildArtifacts)
	before := leftovers(ctx)
	command := exec.Command(tool, append([]string{"run", "--no-progress"}, args...)...)
	command.Dir = GinkgoT().TempDir()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	session, err = gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill() })
	Eventually(func() []string {
		fresh := leftovers(ctx)
		maps.DeleteFunc(fresh, func(id string, _ []string) bool { _, old := before[id]; return old })
		ids := slices.Collect(maps.Keys(fresh))
		if len(ids) == 1 {
			runID = ids[0]
		}
		return ids
	}, 30*time.Second).Should(HaveLen(1))
	return session, runID
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
