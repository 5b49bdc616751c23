package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// fakeProgram is drdrill in a world without an engine. What rehearsing comes to is told by the
// environment variable FAKE, so that scripts can choose.
func fakeProgram() program {
	p := product()
	p.version = "v0.0.0-test"
	p.now = fakeNow
	p.catalogue = fakeCatalogue()
	p.rehearse = fakeRehearse
	p.doctor = fakeDoctor
	p.clean = func(_ context.Context, all bool, log func(string)) (int, error) {
		if !all {
			return 0, nil
		}
		log("removed volume drdrill-7c1f-redis")
		return 1, nil
	}
	p.images = func(_ context.Context, overrides map[string]string, log func(string)) error {
		if ref, ok := overrides["redis"]; ok {
			return drills.UsageError{Err: fmt.Errorf("image %s cannot be had", ref)}
		}
		log("postgres: there already")
		return nil
	}
	return p
}

// fakeNow is the time that FAKE_NOW tells, and the real one without it.
func fakeNow() time.Time {
	if t, err := time.Parse(time.RFC3339, os.Getenv("FAKE_NOW")); err == nil {
		return t
	}
	return time.Now()
}

// fakeRTO is the recovery time that FAKE_RTO tells in seconds, a little longer in every repetition.
func fakeRTO(repetition int) float64 {
	rto, err := strconv.ParseFloat(os.Getenv("FAKE_RTO"), 64)
	if err != nil {
		rto = 1.532
	}
	return rto + 0.01*float64(repetition-1)
}

func fakeCatalogue() []drills.Drill {
	objective := func(rto time.Duration) recovery.Objective {
		return recovery.Objective{
			RTO:  rto,
			Hold: 5 * time.Second,
			RPO: map[recovery.Class]time.Duration{
				recovery.Runs: 0, recovery.Audit: 0, recovery.Agents: 5 * time.Minute,
				recovery.Memory: time.Hour, recovery.Vectors: 24 * time.Hour,
			},
		}
	}
	return []drills.Drill{{
		Name: "redis-kill", Scenario: "Scenario 2: Redis failure", Title: "Redis is killed",
		Recovery: "restart from the append-only file", Proves: "the loss stays within the AOF policy",
		Limits: "the operating system's page cache survives", Labels: []string{"scenario=redis", "store=redis"},
		Probe: workload.MemoryDB, Fault: faults.Kill{Service: "redis"}, Scripts: []drills.Script{{Name: "restart-redis.sh"}},
		Objective: objective(5 * time.Minute),
	}, {
		Name: "redis-volume-loss", Scenario: "Scenario 2: Redis failure", Title: "Redis loses its volume",
		Recovery: "restore the RDB into a server that runs AOF, which takes care that the append-only file does not win over it",
		Proves:   "the data is the backup's, and survives the next restart",
		Labels:   []string{"scenario=redis", "store=redis"}, Probe: workload.MemoryDB,
		Checks: []drills.Check{{Name: "the data survives the next restart"}}, Fault: faults.Destroy{Service: "redis"},
		Backups: []drills.Backup{{
			Script: "backup-redis.sh", Every: 4 * time.Second, Policy: time.Hour,
			Protect: []recovery.Class{recovery.Memory},
		}},
		Scripts: []drills.Script{{Name: "restore-redis.sh", Args: []string{"latest"}}}, Objective: objective(5 * time.Minute),
	}, {
		Name: "postgres-kill", Scenario: "Scenario 3: PostgreSQL failure", Title: "PostgreSQL is killed",
		Recovery: "restart, crash recovery", Proves: "nothing acknowledged is lost",
		Labels: []string{"scenario=postgres", "store=postgres"}, Probe: workload.Database, Fault: faults.Kill{Service: "postgres"},
		Scripts: []drills.Script{{Name: "restart-postgres.sh"}}, Objective: objective(15 * time.Minute),
	}}
}

func fakeDoctor(context.Context) []drills.Finding {
	findings := []drills.Finding{{Name: "memory", OK: true, Detail: "24 GiB"}}
	if os.Getenv("FAKE") == "no-engine" {
		return append(findings, drills.Finding{Name: "engine", Detail: "nothing answers", Advice: "run make engine, or set DOCKER_HOST"})
	}
	return append(findings, drills.Finding{Name: "engine", OK: true, Detail: "docker 20.10.24"})
}

// fakeRehearse plays every drill of the plan through its phases.
func fakeRehearse(ctx context.Context, plan drills.Plan) (reports.Record, error) {
	record := fakeRecord(plan)
	mode := os.Getenv("FAKE")
	switch mode {
	case "no-engine":
		return reports.Record{}, drills.UsageError{Err: fixtures.ErrNoEngine}
	case "no-image":
		return reports.Record{}, drills.UsageError{Err: errors.New("image nowhere/redis:1 cannot be had")}
	case "slow-images":
		sign(plan.Dir, "started")
		<-ctx.Done()
		return reports.Record{}, fmt.Errorf("prepare the images: %w", ctx.Err())
	case "hang", "stubborn", "chatty":
		hang(ctx, plan, mode)
		record.Run.Aborted = fmt.Sprint(context.Cause(ctx))
		return record, nil
	}
	for _, d := range plan.Drills {
		for repetition := range plan.Repeat {
			ended := fakeDrill(d, repetition+1, mode)
			play(plan.Observer, ended, pace())
			record.Drills = append(record.Drills, ended)
		}
	}
	return record, nil
}

// pace is how long a fake step takes; FAKE_PACE lets a person watch.
func pace() time.Duration {
	d, err := time.ParseDuration(os.Getenv("FAKE_PACE"))
	if err != nil {
		return 0
	}
	return d
}

// hang goes on until the run is stopped; being stubborn, also then.
func hang(ctx context.Context, plan drills.Plan, mode string) {
	news := drills.Progress{Drill: plan.Drills[0].Name, Repetition: 1, Kind: drills.Noted, Note: "still here"}
	sign(plan.Dir, "started")
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		<-tick.C
		if mode == "chatty" {
			plan.Observer(news)
		}
	}
	if mode == "stubborn" {
		sign(plan.Dir, "stopping")
		time.Sleep(time.Minute)
	}
}

// sign leaves a file for a script to wait for.
func sign(dir, name string) {
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		panic(err)
	}
}

// play tells the news of a drill, step after step.
func play(tell drills.Observer, d reports.Drill, pace time.Duration) {
	began := time.Now()
	var down time.Duration = -1
	news := func(p drills.Progress) {
		p.Drill, p.Repetition, p.At = d.Name, d.Repetition, time.Since(began)
		tell(p)
		for range 10 {
			time.Sleep(pace / 10)
			if down >= 0 {
				down += pace / 10
			}
			tell(drills.Progress{Drill: d.Name, Repetition: d.Repetition, Kind: drills.Ticked, Down: down, WritesPerSecond: 248})
		}
	}
	news(drills.Progress{Kind: drills.DrillBegan})
	for _, phase := range []drills.Phase{drills.PhaseStack, drills.PhaseSteady} {
		news(drills.Progress{Kind: drills.PhaseBegan, Phase: phase})
	}
	down = 0
	for _, phase := range []drills.Phase{drills.PhaseFault, drills.PhaseDetect, drills.PhaseRecover} {
		news(drills.Progress{Kind: drills.PhaseBegan, Phase: phase})
	}
	for _, s := range d.Steps {
		news(drills.Progress{Kind: drills.StepBegan, Script: s.Script, Step: s.Name})
		news(drills.Progress{Kind: drills.StepEnded, Script: s.Script, Step: s.Name, ExitCode: s.ExitCode, Seconds: s.Seconds})
	}
	down = -1
	news(drills.Progress{Kind: drills.PhaseBegan, Phase: drills.PhaseHold})
	news(drills.Progress{Kind: drills.Noted, Note: "reading back 12,480 writes"})
	tell(drills.Progress{Drill: d.Name, Repetition: d.Repetition, Kind: drills.DrillEnded, Result: &d})
}

// fakeDrill is the record of a drill with the verdict that the mode names; the first one is met
// whatever the mode, so that the worst has to be found.
func fakeDrill(d drills.Drill, repetition int, mode string) reports.Drill {
	measured, none := fakeRTO(repetition), 0.0
	r := reports.Drill{
		Name: d.Name, Scenario: d.Scenario, Title: d.Title, Verdict: reports.Met, Repetition: repetition,
		RTO: reports.RTO{
			TargetSeconds: d.Objective.RTO.Seconds(), MeasuredSeconds: &measured, JudgedSeconds: &measured,
			UncertaintySeconds: 0.012, Verdict: reports.Met,
			Phases: []reports.Phase{{Name: "impact", Seconds: 0.1}, {Name: "start the server", Seconds: measured - 0.1}},
		},
		RPO: []reports.RPO{{
			Class: "runs", ObservedSeconds: &none, Judged: "observed", Verdict: reports.Met, Acknowledged: 1200,
		}},
		Steps: []reports.Step{
			{Script: d.Scripts[0].Name, Name: "verify the backup", Seconds: 0.21},
			{Script: d.Scripts[0].Name, Name: "start the server", Seconds: 1.1},
		},
	}
	if d.Name == "redis-kill" {
		return r
	}
	switch mode {
	case reports.Missed:
		r.RPO[0].Verdict, r.RPO[0].Lost = reports.Missed, 3
		r.Find(reports.Finding{Of: recovery.OfRPO(recovery.Runs), Verdict: reports.Missed, Reason: "3 acknowledged writes of runs are lost"})
		r.Steps[1].ExitCode = 4
	case reports.NotProven:
		r.RTO.MeasuredSeconds, r.RTO.JudgedSeconds, r.RPO[0].ObservedSeconds = nil, nil, nil
		r.Find(reports.Finding{Verdict: reports.NotProven, Reason: "the fault hit nothing"})
	}
	return r
}

func fakeRecord(plan drills.Plan) reports.Record {
	return reports.Record{
		Schema: reports.Schema,
		Run: reports.Run{ID: plan.RunID, Version: plan.Version, Seed: plan.Seed, Parallel: plan.Parallel,
			Scale: plan.Scale.Name, StartedAt: fakeNow().UTC(), FinishedAt: fakeNow().UTC(), Revisions: plan.Revisions},
	}
}
