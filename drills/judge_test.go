package drills

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

const (
	injectedAt = 10 * time.Second
	restoredAt = 13 * time.Second
)

// rehearsed is a drill without a stack as it stands when all its phases have gone well: 100 seeds
// and 100 further writes of each class before the fault, all of them read back. A backup that the
// recovery restored protects them all.
func rehearsed(t *testing.T) *rehearsal {
	t.Helper()
	rpo := map[recovery.Class]time.Duration{}
	for _, class := range recovery.Classes() {
		rpo[class] = time.Hour
	}
	r := newRehearsal(Drill{
		Name: "redis-volume-loss", Fault: faults.Noop{}, Probe: workload.MemoryDB,
		Objective: recovery.Objective{RTO: time.Minute, RPO: rpo},
		Backups:   []Backup{{Script: "backup.sh", Every: sec(3), Policy: 50 * time.Minute, Protect: recovery.Classes()}},
	}, Setting{Dir: t.TempDir(), Repetition: 1})
	for _, class := range recovery.Classes() {
		for range workload.Seeds {
			r.write(class, sec(1), recovery.Acknowledged)
		}
		for i := range 100 {
			r.write(class, sec(2)+ms(50*i), recovery.Acknowledged)
		}
	}
	r.timeline.Mark(recovery.Injected, injectedAt)
	r.timeline.Mark(recovery.RecoveryStarted, sec(11))
	r.timeline.Mark(recovery.Restored, restoredAt)
	r.timeline.Mark(recovery.Verified, sec(20))
	r.hit = "gone"
	r.outage, r.outageErr = recovery.Outage{Impact: injectedAt, Restored: restoredAt, Uncertainty: ms(20)}, nil
	r.settings = []fixtures.Setting{{Store: "postgres", Name: "fsync", Value: "on", Want: "on"}}
	r.proofs = []reports.Proof{{Name: "it is right", Verdict: reports.Met}}
	r.backups = []backupRun{{
		script: "backup.sh", protects: recovery.Classes(), from: sec(6), to: sec(7),
		facts: map[string]string{"backup": "newest", "snapshot_at": r.clock.Wall(injectedAt).Format(time.RFC3339Nano)},
	}}
	r.recovered = []runbook.Transcript{{
		Script: "restore.sh", Facts: map[string]string{"restored_backup": "newest"},
		Steps: []runbook.Step{{Script: "restore.sh", Name: "restore", From: sec(11), To: sec(12)}},
	}}
	r.readBackAs(nil)
	return r
}

func (r *rehearsal) write(class recovery.Class, at time.Duration, outcome recovery.Outcome) {
	seq := r.ledger.Issue(class, at)
	r.ledger.Seal(class, seq, recovery.Hash(seq))
	r.ledger.Settle(class, seq, outcome, at+ms(1))
}

// readBackAs verifies: every acknowledged write is there, as change leaves it.
func (r *rehearsal) readBackAs(change func(recovery.Class, []recovery.Row) []recovery.Row) {
	for _, class := range recovery.Classes() {
		var rows []recovery.Row
		r.ledger.Each(class, func(seq int, e recovery.Entry) bool {
			if e.Outcome == recovery.Acknowledged {
				rows = append(rows, recovery.Row{Seq: seq, Hash: e.Hash})
			}
			return true
		})
		if change != nil {
			rows = change(class, rows)
		}
		r.rows[class] = rows
		r.losses[class] = r.ledger.Check(class, slices.Values(rows), injectedAt)
	}
}

// lose takes the writes of one class that are gone out of what is read back, after a recovery that
// does not say which backup it restored.
func (r *rehearsal) lose(gone func(recovery.Entry) bool) {
	r.recovered[0].Facts = nil
	r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row {
		return slices.DeleteFunc(rows, func(row recovery.Row) bool {
			e, _ := r.ledger.Entry(recovery.Audit, row.Seq)
			return gone(e)
		})
	}))
}

// ofAudit changes what is read back of one class.
func ofAudit(change func([]recovery.Row) []recovery.Row) func(recovery.Class, []recovery.Row) []recovery.Row {
	return func(class recovery.Class, rows []recovery.Row) []recovery.Row {
		if class == recovery.Audit {
			return change(rows)
		}
		return rows
	}
}

// snapshotAt makes the restored backup say that it was begun at the instant.
func (r *rehearsal) snapshotAt(at time.Duration) {
	r.backups[0].facts["snapshot_at"] = r.clock.Wall(at).Format(time.RFC3339Nano)
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*rehearsal)
		verdict string
		reason  string // a part of one of them
	}{
		{"all is well", func(*rehearsal) {}, reports.Met, ""},

		// What leaves a drill unproven.
		{"a class was not written at all", func(r *rehearsal) { r.losses[recovery.Memory] = recovery.Loss{} },
			reports.NotProven, "memory: the workload wrote nothing that was acknowledged"},
		{"a class has its seeds alone", func(r *rehearsal) { r.ledger = seedsOnly(recovery.Memory) },
			reports.NotProven, "memory: the workload wrote nothing before the fault"},
		{"more than 1 % failed before the fault", func(r *rehearsal) { r.fails(recovery.Audit, 3, recovery.Refused) },
			reports.NotProven, "audit: 3 of 203 writes failed before the fault"},
		{"more than 1 % had no answer before the fault", func(r *rehearsal) { r.fails(recovery.Audit, 3, recovery.Unknown) },
			reports.NotProven, "audit: 3 of 203 writes failed before the fault"},
		{"1 % failed before the fault", func(r *rehearsal) { r.fails(recovery.Audit, 2, recovery.Refused) }, reports.Met, ""},
		{"many failed after the fault", func(r *rehearsal) {
			for i := range 50 {
				r.write(recovery.Audit, injectedAt+ms(i), recovery.Refused)
			}
		}, reports.Met, ""},
		{"writes were under way when the fault came", func(r *rehearsal) {
			for range 50 {
				r.write(recovery.Audit, injectedAt-ms(1), recovery.Unknown)
			}
		}, reports.Met, ""},
		{"nobody saw an outage", func(r *rehearsal) { r.outageErr = recovery.ErrNoImpact }, reports.NotProven, "no probe failed"},
		{"the fault hit nothing", func(r *rehearsal) { r.fail(fmt.Errorf("%s: %w", PhaseFault, faults.ErrNothingHit)) }, reports.NotProven, "hit nothing"},
		{"the drill did not get far", func(r *rehearsal) { *r = *newRehearsal(r.drill, r.setting) }, reports.NotProven, "did not get that far"},
		{"a class was not read", func(r *rehearsal) { delete(r.losses, recovery.Audit); r.fail(errors.New("read back audit: away")) },
			reports.NotProven, "read back audit"},
		{"the store says that it lost what the ledger has", func(r *rehearsal) { r.snapshotAt(sec(5)) },
			reports.NotProven, "ledger and store disagree: the ledger shows a loss window of 0 s, the manifest of newest shows 5 s"},
		{"the store is not durable", func(r *rehearsal) { r.settings[0].Value = "off"; r.judgeSettings() },
			reports.NotProven, `postgres runs with fsync=off: with anything but "on"`},
		{"evidence could not be kept", func(r *rehearsal) { r.setting.Dir = "/dev/null" }, reports.NotProven, "keep evidence"},
		{"the time may be over the target", func(r *rehearsal) { r.outage.Restored = injectedAt + time.Minute - ms(10) }, reports.NotProven, "RTO: 59.99 s ± 20 ms"},

		// What makes a drill miss.
		{"too slow", func(r *rehearsal) { r.outage.Restored = injectedAt + sec(70) }, reports.Missed, "RTO: 1 min 10 s ± 20 ms; the target is below 1 min"},
		{"too slow with what is declared", func(r *rehearsal) { r.drill.Objective.Declared = sec(58) }, reports.Missed, "RTO: 1 min 1 s"},
		{"not restored", func(r *rehearsal) { r.outageErr = fmt.Errorf("%w: no right answer", recovery.ErrNotRestored) }, reports.Missed, "was not restored"},
		{"something is lost that the newest backup holds", func(r *rehearsal) {
			r.lose(func(e recovery.Entry) bool { return e.Issued >= sec(5) })
		}, reports.Missed, "audit: 40 acknowledged writes lost, the first of them acknowledged 999 ms before the restored backup began"},
		{"something is lost that was written to what was restored", func(r *rehearsal) {
			r.write(recovery.Audit, restoredAt, recovery.Acknowledged)
			r.lose(func(e recovery.Entry) bool { return e.Issued >= restoredAt })
		}, reports.Missed, "audit: 1 acknowledged writes lost, some of them issued after recovery had begun"},
		{"everything is lost", func(r *rehearsal) { r.lose(func(recovery.Entry) bool { return true }) },
			reports.Missed, "audit: 200 acknowledged writes lost, and nothing from before them is there"},
		{"the policy leaves too much", func(r *rehearsal) { r.drill.Backups[0].Policy = time.Hour }, reports.Missed, "projected loss 1 h 1 s"},
		{"a row that nobody wrote", func(r *rehearsal) {
			r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row { return append(rows, recovery.Row{Seq: -1}) }))
		}, reports.Missed, "audit: not intact: 1 phantom, 0 mutated, 0 duplicated"},
		{"a row that was changed", func(r *rehearsal) {
			r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row { rows[5].Hash++; return rows }))
		}, reports.Missed, "audit: not intact: 0 phantom, 1 mutated, 0 duplicated"},
		{"a row that is there twice", func(r *rehearsal) {
			r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row { return append(rows, rows[7]) }))
		}, reports.Missed, "audit: not intact: 0 phantom, 0 mutated, 1 duplicated"},

		// The worst wins.
		{"missed and not proven", func(r *rehearsal) { r.outage.Restored = injectedAt + sec(70); r.fail(errors.New("the harness failed")) },
			reports.NotProven, "the harness failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := rehearsed(t)
			tt.change(r)
			d := r.conclude(t.Context())
			if d.Verdict != tt.verdict || !slices.ContainsFunc(d.Reasons, func(reason string) bool { return strings.Contains(reason, tt.reason) }) && tt.reason != "" {
				t.Errorf("%s, reasons %q; want %s because of %q", d.Verdict, d.Reasons, tt.verdict, tt.reason)
			}
			if (d.Verdict == reports.Met) != (len(d.Reasons) == 0) {
				t.Errorf("%s for the reasons %q", d.Verdict, d.Reasons)
			}
		})
	}
}

// seedsOnly is a ledger in which one class was not written after its seeds.
func seedsOnly(bare recovery.Class) *recovery.Ledger {
	r := &rehearsal{ledger: &recovery.Ledger{}}
	for _, class := range recovery.Classes() {
		for range workload.Seeds {
			r.write(class, sec(1), recovery.Acknowledged)
		}
		if class != bare {
			r.write(class, sec(2), recovery.Acknowledged)
		}
		r.write(class, restoredAt, recovery.Acknowledged) // too late to be lost
	}
	return r.ledger
}

func (r *rehearsal) fails(class recovery.Class, n int, outcome recovery.Outcome) {
	for range n {
		r.write(class, sec(9), outcome)
	}
}

// A service that came back damaged was not restored, however soon it answered.
func TestDamagedIsNotRestored(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*rehearsal)
		rto    string
	}{
		{"whole", func(*rehearsal) {}, reports.Met},
		{"a row that was changed", func(r *rehearsal) {
			r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row { rows[5].Hash++; return rows }))
		}, reports.Missed},
		{"a proof that fails", func(r *rehearsal) {
			r.proofs = append(r.proofs, r.lookSideBySide(t.Context(), []Check{{Name: "roles", After: func(context.Context, Site) (string, error) { return "", Violated("one is gone") }}})...)
		}, reports.Missed},
		{"a proof that could not be made", func(r *rehearsal) {
			r.proofs = append(r.proofs, r.lookSideBySide(t.Context(), []Check{{Name: "roles", After: func(context.Context, Site) (string, error) { return "", errors.New("away") }}})...)
		}, reports.NotProven},
		{"not verified", func(r *rehearsal) {
			timeline := &recovery.Timeline{}
			timeline.Mark(recovery.Injected, injectedAt)
			r.timeline = timeline
			r.fail(errors.New("verification did not read everything"))
		}, reports.NotProven},
		{"a loss within the target", func(r *rehearsal) {
			r.snapshotAt(sec(6))
			r.readBackAs(func(_ recovery.Class, rows []recovery.Row) []recovery.Row { return rows[:workload.Seeds+81] })
		}, reports.Met},
	} {
		r := rehearsed(t)
		tt.change(r)
		if d := r.conclude(t.Context()); d.RTO.Verdict != tt.rto {
			t.Errorf("%s: the RTO is %s, want %s; reasons %q", tt.name, d.RTO.Verdict, tt.rto, d.Reasons)
		}
	}
}

func TestJudgedFigures(t *testing.T) {
	r := rehearsed(t)
	r.drill.Objective.Declared = sec(5)
	r.snapshotAt(sec(6)) // what was issued from 6 s on is lost: 20 writes of each class
	r.readBackAs(func(_ recovery.Class, rows []recovery.Row) []recovery.Row { return rows[:workload.Seeds+80] })
	r.timeline.Mark(recovery.Impact, injectedAt)
	d := r.conclude(t.Context())
	wantRTO := reports.RTO{
		TargetSeconds: 60, TargetFrom: reports.FromPlaybook, MeasuredSeconds: figure(3), DeclaredSeconds: 5, JudgedSeconds: figure(8), UncertaintySeconds: 0.02, Verdict: reports.Met,
		Phases: []reports.Phase{{Name: "decision", Seconds: 1}, {Name: "restore", Seconds: 1}, {Name: "settle", Seconds: 1}},
	}
	if !reflect.DeepEqual(d.RTO, wantRTO) {
		t.Errorf("RTO %+v, want %+v", d.RTO, wantRTO)
	}
	wantRPO := reports.RPO{
		Class: "audit", TargetSeconds: 3600, TargetFrom: reports.FromPlaybook, ObservedSeconds: figure(4.049), StoreSeconds: figure(4), StorePosition: "the manifest of newest",
		ProjectedSeconds: figure(3001), Formula: "policy interval 50 min + completion lag 1 s", ScheduleFrom: reports.FromPlaybook, ProtectedBy: "backup.sh every 50 min",
		Judged: "projected", Verdict: reports.Met, Acknowledged: 200, Lost: 20,
	}
	if !reflect.DeepEqual(d.RPO[1], wantRPO) {
		t.Errorf("RPO %+v, want %+v", d.RPO[1], wantRPO)
	}
	if want := []reports.Backup{{Script: "backup.sh", AtSeconds: 6, LagSeconds: 1}}; !slices.Equal(d.Backups, want) {
		t.Errorf("backups %+v, want %+v", d.Backups, want)
	}
	if want := []reports.Step{{Script: "restore.sh", Name: "restore", AtSeconds: 11, Seconds: 1}}; !slices.Equal(d.Steps, want) {
		t.Errorf("steps %+v, want %+v", d.Steps, want)
	}
	if want := (reports.Second{AtSecond: 5, Acknowledged: 20 * 5}); d.Activity[5] != want {
		t.Errorf("activity %+v, want %+v", d.Activity[5], want)
	}
	if d.Verdict != reports.Met {
		t.Errorf("%s: %q", d.Verdict, d.Reasons)
	}
}

// A class that was not read back has no figures, whatever the other classes have.
func TestUnreadClass(t *testing.T) {
	r := rehearsed(t)
	delete(r.losses, recovery.Audit)
	rpo, err := r.judgeRPO(t.Context())
	if err != nil || len(rpo) != 5 {
		t.Fatal(rpo, err)
	}
	if is := rpo[1]; is.Verdict != reports.NotProven || is.ObservedSeconds != nil || is.Acknowledged != 200 {
		t.Errorf("%+v", is)
	}
	if is := rpo[0]; is.Verdict != reports.Met || is.ObservedSeconds == nil {
		t.Errorf("%+v", is)
	}
}

// Findings say what was missed, by the names that accepted risks have; reasons are the same in words.
func TestFindings(t *testing.T) {
	r := rehearsed(t)
	r.drill.Objective.RPO[recovery.Runs], r.outage.Restored = 0, injectedAt+sec(70)
	r.proofs = append(r.proofs, r.lookSideBySide(t.Context(), []Check{{Name: "roles", After: func(context.Context, Site) (string, error) { return "", Violated("one is gone") }}})...)
	r.fail(errors.New("away"))
	r.readBackAs(ofAudit(func(rows []recovery.Row) []recovery.Row { return append(rows, rows[7]) }))
	d := r.conclude(t.Context())
	var reasons, findings []string
	for _, f := range d.Findings {
		reasons, findings = append(reasons, f.Reason), append(findings, f.Of+"="+f.Verdict)
		if f.Accepted != nil {
			t.Errorf("%s is accepted", f.Of)
		}
	}
	want := []string{"roles=missed", "=not-proven", "rto=missed", "rpo runs=missed", "damage audit=missed"}
	if !slices.Equal(findings, want) || !slices.Equal(d.Reasons, reasons) {
		t.Errorf("findings %q, want %q; reasons %q", findings, want, d.Reasons)
	}
	if class := (governance.Risk{Class: "runs"}); class.Of() != recovery.OfRPO(recovery.Runs) {
		t.Errorf("a configuration calls it %q, a drill %q", class.Of(), recovery.OfRPO(recovery.Runs))
	}
}

func TestUnchanged(t *testing.T) {
	u := Unchanged{What: "things"}
	before := []string{"index a", "role b"}
	for _, tt := range []struct {
		before, after []string
		says          string // of a finding
	}{
		{before, []string{"role b", "index a"}, ""},
		{before, []string{"role b"}, "gone or changed: index a"},
		{before, []string{"index a", "role b", "role c"}, "not there before: role c"},
		{before, []string{"index a INVALID", "role b"}, "gone or changed: index a"},
	} {
		detail, err := u.compare(tt.before, tt.after)
		if found := errors.Is(err, ErrViolated); found != (tt.says != "") || found && !strings.Contains(err.Error(), tt.says) || found == (detail != "") {
			t.Errorf("%v after %v: %q, %v; want %q", tt.after, tt.before, detail, err, tt.says)
		}
	}
	if _, err := u.compare(nil, nil); err == nil || errors.Is(err, ErrViolated) {
		t.Errorf("nothing to compare: %v, want that the check could not be made", err)
	}
}

func TestVerificationReadsEverything(t *testing.T) {
	r := rehearsed(t)
	away := errors.New("away")
	r.losses = map[recovery.Class]recovery.Loss{}
	r.workload, r.unwatch = &workload.Workload{}, func() {}
	r.clients = workload.Clients{
		Postgres: func(context.Context) (*pgx.Conn, error) { return nil, away },
		Redis: func() redis.UniversalClient {
			return redis.NewClient(&redis.Options{MaxRetries: -1, DialerRetries: 1, Dialer: func(context.Context, string, string) (net.Conn, error) { return nil, away }})
		},
	}
	if err := r.verify(t.Context()); !errors.Is(err, away) || !strings.Contains(err.Error(), "did not read everything") {
		t.Errorf("error %v", err)
	}
	// What was not restored cannot be read; its drill has missed already.
	r.outageErr = fmt.Errorf("%w: no right answer", recovery.ErrNotRestored)
	if err := r.verify(t.Context()); err != nil || len(r.losses) != 0 {
		t.Errorf("error %v, losses %v", err, r.losses)
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		err     error
		verdict string
	}{
		{nil, reports.Met},
		{Violated("%d are gone", 3), reports.Missed},
		{fmt.Errorf("after the fault: %w", Violated("one is gone")), reports.Missed},
		{errors.New("nobody answers"), reports.NotProven},
	} {
		r := rehearsed(t)
		r.before["it is right"] = "as before"
		proof := r.lookSideBySide(t.Context(), []Check{{Name: "it is right", After: func(_ context.Context, s Site) (string, error) {
			if s.Before != "as before" || s.Losses[recovery.Runs].Acknowledged != 200 || s.Snapshot[recovery.Runs] != sec(6) {
				t.Errorf("it looks at %+v", s)
			}
			return "detail", tt.err
		}}})[0]
		detail := "detail"
		if tt.err != nil {
			detail = tt.err.Error()
		}
		if want := (reports.Proof{Name: "it is right", Verdict: tt.verdict, Detail: detail}); proof != want || r.judgement.Verdict().String() != tt.verdict {
			t.Errorf("%v: %+v, the drill is %s", tt.err, proof, r.judgement.Verdict())
		}
	}
}

// A script that fails has missed its purpose; a harness that could not run it shows nothing.
func TestVerdictOfScript(t *testing.T) {
	for _, tt := range []struct {
		transcript runbook.Transcript
		want       recovery.Verdict
	}{
		{runbook.Transcript{ExitCode: 1}, recovery.Missed},
		{runbook.Transcript{ExitCode: runbook.ExitNotExecutable}, recovery.Missed},
		{runbook.Transcript{ExitCode: runbook.ExitDeadline, Err: fmt.Errorf("step: %w", runbook.ErrDeadline)}, recovery.Missed},
		{runbook.Transcript{ExitCode: runbook.ExitNotRun, Err: errors.New("the engine is away")}, recovery.NotProven},
		{runbook.Transcript{Err: runbook.ErrStuck}, recovery.NotProven},
	} {
		if got := verdictOf(tt.transcript); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.transcript, got, tt.want)
		}
	}
}

func TestAwaitImpact(t *testing.T) {
	r := rehearsed(t)
	r.watch.Arm()
	r.watch.Observe(recovery.Observation{Err: errors.New("down")})
	if err := r.awaitImpact(t.Context()); err != nil {
		t.Error(err)
	}
	if _, seen := r.timeline.At(recovery.Detected); !seen {
		t.Error("the first failure is not the detection")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("Ctrl-C")
	cancel(cause)
	if err := rehearsed(t).awaitImpact(ctx); !errors.Is(err, cause) {
		t.Errorf("error %v, want %v", err, cause)
	}
}

func TestBackupPosition(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(*rehearsal)
		behind   time.Duration // negative: not known
		snapshot time.Duration // zero: that of the newest
		skipped  int
	}{
		{name: "the restored one's manifest", change: func(r *rehearsal) { r.snapshotAt(sec(6)) }, behind: sec(4)},
		{name: "an older one was restored", change: func(r *rehearsal) {
			older := backupRun{
				script: "backup.sh", protects: recovery.Classes(), from: sec(3), to: sec(4),
				facts: map[string]string{"backup": "older", "snapshot_at": r.clock.Wall(sec(3)).Format(time.RFC3339Nano)},
			}
			r.backups = append([]backupRun{older}, r.backups...)
			r.recovered[0].Facts["restored_backup"] = "older"
		}, behind: sec(7), snapshot: sec(3), skipped: 1},
		{name: "the recovery names none", change: func(r *rehearsal) { r.recovered[0].Facts = nil }, behind: -1},
		{name: "the recovery names one that this drill did not make", change: func(r *rehearsal) { r.recovered[0].Facts["restored_backup"] = "last year's" }, behind: -1},
		{name: "the manifest has no time", change: func(r *rehearsal) { r.backups[0].facts["snapshot_at"] = "yesterday" }, behind: -1},
		{name: "another script made it", change: func(r *rehearsal) { r.backups[0].script = "backup-other.sh" }, behind: -1},
	} {
		r := rehearsed(t)
		tt.change(r)
		protections, err := r.protections(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := protections[recovery.Memory]
		if known := p.Behind != nil; known != (tt.behind >= 0) || known && (*p.Behind-tt.behind).Abs() > time.Millisecond {
			t.Errorf("%s: behind %v, want %s", tt.name, p.Behind, tt.behind)
		}
		if tt.snapshot == 0 {
			tt.snapshot = sec(6)
		}
		if p.Policy != 50*time.Minute || p.Snapshot != tt.snapshot || p.Skipped != tt.skipped || p.Until != sec(11) || !p.Periodic() {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}

func TestUnhurt(t *testing.T) {
	classes := []recovery.Class{recovery.Memory, recovery.Runs}
	failures := []workload.Failure{
		{At: time.Second, Class: recovery.Runs}, {At: 2 * time.Second, Class: recovery.Memory}, {At: 3 * time.Second, Class: recovery.Agents},
	}
	for since, want := range map[time.Duration][]recovery.Class{
		0: {}, time.Second: {}, 1500 * time.Millisecond: {recovery.Runs}, 4 * time.Second: classes,
	} {
		if got := unhurt(classes, failures, since); !slices.Equal(got, want) {
			t.Errorf("since %s: %v, want %v", since, got, want)
		}
	}
}

// The reason that a service was not restored holds the last wrong answer, as far as it has room, and no secret of it,
// not even a part of one where it was cut.
func TestNotRestoredSaysWhatTheStoreAnsweredLast(t *testing.T) {
	const secret = "st4ck0wnpassw0rd"
	for at := range longestError {
		r := rehearsed(t)
		r.ownSecrets = []string{secret}
		answer := strings.Repeat("é", at) + secret + strings.Repeat("é", longestError) + ` index "memory_vectors_pkey" contains unexpected zero page`
		r.outageErr = fmt.Errorf("%w: no right answer after the failure at 37.208 s: %s", recovery.ErrNotRestored, answer)
		rto := r.judgeRTO()
		reason := r.judgement.Findings()[0].Reason
		if rto.Verdict != reports.Missed || !strings.HasPrefix(reason, "the service was not restored: no right answer after the failure at 37.208 s: ") ||
			!strings.HasSuffix(reason, `index "memory_vectors_pkey" contains unexpected zero page`) || utf8.RuneCountInString(reason) > longestError {
			t.Fatalf("%d: the RTO is %s because of %q", at, rto.Verdict, reason)
		}
		if strings.Contains(reason, secret[:4]) || strings.Contains(reason, secret[len(secret)-4:]) {
			t.Fatalf("%d: a part of a secret is in %q", at, reason)
		}
	}
}
