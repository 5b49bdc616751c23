package drills

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
	"github.com/cogitator-ai/drdrill/fixtures/images"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// Setting is what a drill is run with.
type Setting struct {
	Engine     *fixtures.Engine
	RunID      string
	Repetition int
	Seed       uint64
	Rate       int // writes a second and class; 0 is the drill's own
	Beside     int // drills that run at the same time, this one included; 0 is 1
	Scale      archive.Scale
	Images     map[string]images.Image
	Scripts    map[string]fixtures.File
	Choices    map[string]string // about the stack
	Secrets    []string          // that drdrill was given, beside those of the stack
	Dir        string            // the run's folder; evidence goes below it
	Observer   Observer
}

// A rehearsal of one drill passes through these phases, whatever happens, and ends with its record:
//
//	 1. start the stack, only with the parts that the drill needs
//	 2. assert the durability settings on the live servers, and load the archive and the first writes
//	 3. start the workload, and wait for the steady state: all classes are written, the probe gets right answers
//	 4. back up, on the compressed schedules
//	 5. inject the fault
//	 6. wait until a client sees the outage
//	 7. run the recovery scripts, step by step
//	 8. wait until the steady state has held for the whole hold period
//	 9. stop the workload, read everything back and compare it with the ledger
//	10. judge, keep the evidence, remove the stack
//
// A phase that fails ends the drill: what comes after it is not measured, and the verdict is not
// proven. Evidence is kept and the stack removed in any case, even when the context has ended.
//
// They are five acts. Figures are taken in the third one alone: while it goes on, nothing else of
// the run does, unless drills are to run side by side. A drill is prepared while the one before it is read back, and
// warms up while that one is finished.

// prepare is the first act: all that comes before the workload.
func (r *rehearsal) prepare(ctx context.Context) {
	r.tell(Progress{Kind: DrillBegan})
	r.stopTicks = r.tick(context.WithoutCancel(ctx))
	r.pass(ctx, PhaseStack, r.startStack)
	r.pass(ctx, PhaseLoad, r.load)
}

// warmUp is the second act: from the first write of the workload until the service has been right for a while.
func (r *rehearsal) warmUp(ctx context.Context) { r.pass(ctx, PhaseSteady, r.awaitSteadyState) }

// rehearse is the third act: from the first backup until the service has held.
func (r *rehearsal) rehearse(ctx context.Context) {
	r.pass(ctx, PhaseBackup, r.backUp)
	r.pass(ctx, PhaseFault, r.inject)
	r.pass(ctx, PhaseDetect, r.awaitImpact)
	r.pass(ctx, PhaseRecover, r.recover)
	r.pass(ctx, PhaseHold, r.awaitRestored)
}

// readBack is the fourth act: what is there now.
func (r *rehearsal) readBack(ctx context.Context) { r.pass(ctx, PhaseVerify, r.verify) }

// finish is the last act: what to think of it, and the end of the stack.
func (r *rehearsal) finish(ctx context.Context) reports.Drill {
	r.stopTicks()
	result := r.conclude(context.WithoutCancel(ctx))
	r.tell(Progress{Kind: DrillEnded, Result: &result})
	return result
}

// pass goes through a phase, unless one before it has failed.
func (r *rehearsal) pass(ctx context.Context, phase Phase, do func(context.Context) error) {
	if r.broken {
		return
	}
	var err error
	if ctx.Err() != nil {
		err = fmt.Errorf("interrupted: %w", context.Cause(ctx))
	} else {
		r.tell(Progress{Kind: PhaseBegan, Phase: phase})
		err = do(ctx)
	}
	if err != nil {
		r.broken = true
		r.fail(fmt.Errorf("%s: %w", phase, err))
	}
}

// rehearsal is a drill while it runs: what has been noted so far.
type rehearsal struct {
	drill   Drill
	setting Setting
	clock   recovery.SystemClock
	rand    *rand.Rand

	stack    *fixtures.Stack
	clients  workload.Clients
	ledger   *recovery.Ledger
	workload *workload.Workload
	timeline *recovery.Timeline
	watch    *recovery.Watch
	unwatch  func()
	canaries workload.Canaries
	victims  workload.Canaries
	// appendLog and writeAhead are the positions of Redis and PostgreSQL.
	appendLog, writeAhead *fixtures.Positions
	before                map[string]any // by check
	ownSecrets            []string       // of the stack

	hit       string
	hitAt     time.Duration
	submitted []string // ids of the runs that the fault gave to the queue
	damage    faults.Damage
	backups   []backupRun
	recovered []runbook.Transcript
	settings  []fixtures.Setting
	workers   *fixtures.WorkerSettings // nil without workers
	versions  map[string]string
	archived  []archive.Digest // before the fault
	outage    recovery.Outage
	outageErr error
	losses    map[recovery.Class]recovery.Loss
	rows      map[recovery.Class][]recovery.Row // as read back
	proofs    []reports.Proof
	stored    fixtures.Stored // the backups, as they were last looked at
	judgement *recovery.Judgement
	log       *transcriptLog
	pace      pace
	mu        sync.Mutex // of backups, whose scripts run side by side
	unfollow  func()
	stopTicks func()
	broken    bool // a phase has failed
}

func newRehearsal(d Drill, s Setting) *rehearsal {
	r := &rehearsal{
		drill: d, setting: s, clock: recovery.NewClock(),
		rand:   rand.New(rand.NewPCG(s.Seed, uint64(s.Repetition))),
		ledger: &recovery.Ledger{}, timeline: &recovery.Timeline{}, watch: recovery.NewWatch(recovery.ProbeInterval * time.Duration(max(1, s.Beside))),
		before: map[string]any{}, losses: map[recovery.Class]recovery.Loss{}, rows: map[recovery.Class][]recovery.Row{},
		outageErr: errors.New("the drill did not get that far"),
		judgement: recovery.NewJudgement(), log: &transcriptLog{},
	}
	if d.Needs.RedisCluster {
		r.ledger.Lane = fixtures.ClusterLane
	}
	r.timeline.Mark(recovery.Began, r.clock.Now())
	return r
}

// fail notes why the drill could not go on.
func (r *rehearsal) fail(err error) {
	if err != nil {
		r.judgement.Find(recovery.NotProven, "%s", err)
	}
}

// mark notes an instant and returns it.
func (r *rehearsal) mark(event recovery.Event) time.Duration {
	now := r.clock.Now()
	r.timeline.Mark(event, now)
	return now
}

func (r *rehearsal) startStack(ctx context.Context) (err error) {
	r.stack, err = fixtures.Start(ctx, r.setting.Engine, r.needs(), fixtures.Options{
		RunID: r.setting.RunID, StackID: r.stackID(), Images: r.setting.Images, Scripts: r.setting.Scripts,
		Choices: r.setting.Choices,
	})
	if r.stack != nil {
		r.ownSecrets = r.stack.Secrets()
	}
	return err
}

// needs are the drill's, with room on small disks for what the archive takes: once for its rows, or for their dumps.
func (r *rehearsal) needs() fixtures.Needs {
	needs := r.drill.Needs
	for _, disk := range []*int{&needs.PostgresDisk, &needs.BackupDisk} {
		if *disk > 0 {
			*disk += r.setting.Scale.PostgresMiB()
		}
	}
	return needs
}

// stackID names the drill's stack, on the engine and in every container's name.
func (r *rehearsal) stackID() string {
	return fmt.Sprintf("%s-%s-%d", r.setting.RunID, r.drill.Name, r.setting.Repetition)
}

func (r *rehearsal) inject(ctx context.Context) error {
	// The last to look before the fault is the first to look after it: the drill's own checks may put something there.
	for _, check := range slices.Backward(r.checks()) {
		if check.Before == nil {
			continue
		}
		taken, err := check.Before(ctx, r.site(check.Name))
		if err != nil {
			return fmt.Errorf("before the fault: %s: %w", check.Name, err)
		}
		r.before[check.Name] = taken
	}
	target := r.target()
	if waiting, ok := r.drill.Fault.(faults.Awaiter); ok {
		if err := waiting.Await(ctx, target); err != nil {
			return err
		}
	}
	r.watch.Arm()
	r.mark(recovery.Injected)
	hit, err := r.injectFault(ctx, target)
	r.hit, r.hitAt = hit, r.clock.Now()
	return err
}

// target is what the fault may break.
func (r *rehearsal) target() faults.Target {
	return faults.Target{
		System: r.stack, Workers: r.stack.Workers(), Queue: queue{r}, Rand: r.rand,
		Runs: r.victims.IDs(recovery.Runs), Vectors: r.victims.IDs(recovery.Vectors), Damage: &r.damage,
	}
}
