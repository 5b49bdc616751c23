package reports

import (
	"fmt"
	"strings"
	"time"
)

// sample is a record made by hand, and its name in testdata.
type sample struct {
	name   string
	record Record
}

// samples are the records that every renderer is tested with.
func samples() []sample {
	return []sample{
		{"met", sampleRecord(postgresKill(), redisKill())},
		{"missed", missedRecord()},
		{"accepted", acceptedRecord()},
		{"odd", sampleRecord(oddDrill())},
		{"aborted", abortedRecord()},
		{"repeated", repeatedRecord()},
		{"governed", governedRecord()},
	}
}

// showcase is a run of several drills with every verdict, as a user would see it.
func showcase() Record {
	frozen := postgresKill()
	frozen.Name, frozen.Scenario = "worker-kill", "Scenario 1: single worker failure"
	frozen.Title = "One of two workers is killed in the middle of its runs"
	r := governedRecord()
	again := postgresKill()
	again.Trend = r.Drills[0].Trend
	r.Drills = []Drill{frozen, redisKill(), again, volumeLoss(), corruptJSON(), oddDrill()}
	return r
}

func seconds(v float64) *float64 { return &v }

func digest(c string) string { return strings.Repeat(c, 32) }

func sampleRecord(drills ...Drill) Record {
	return Record{
		Schema: Schema,
		Run: Run{
			ID:         "20260302-091500-7f3a",
			StartedAt:  time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC),
			FinishedAt: time.Date(2026, 3, 2, 9, 19, 41, 0, time.UTC),
			Seed:       42,
			Version:    "v0.1.0",
			Parallel:   1,
			Scale:      "small",
			Host:       Host{OS: "linux", Arch: "amd64", Kernel: "6.1.0-28-amd64", CPUs: 4, MemoryBytes: 16 << 30},
			Engine:     Engine{Name: "Docker Engine", Version: "27.3.1", APIVersion: "1.47", StorageDriver: "overlay2"},
			Images: map[string]Image{
				"postgres": {Ref: "drdrill/postgres:17", Digest: "sha256:" + digest("a1")},
				"redis":    {Ref: "registry.example.org/platform/redis:8.0.2-hardened", Digest: "sha256:" + digest("b2"), Custom: true},
			},
			Scripts: map[string]Script{
				"restart-postgres.sh":      {SHA256: digest("c3")},
				"restore-postgres-dump.sh": {SHA256: digest("d4"), Custom: true},
			},
		},
		Drills: drills,
	}
}

func abortedRecord() Record {
	r := sampleRecord()
	r.Run.Aborted = "interrupted"
	r.Run.Images, r.Run.Scripts = nil, nil
	return r
}

func repeatedRecord() Record {
	second := redisKill()
	second.Repetition = 2
	second.RTO.MeasuredSeconds, second.RTO.JudgedSeconds = seconds(0.912), seconds(60.912)
	second.RTO.DeclaredSeconds = 60
	r := sampleRecord(redisKill(), second)
	r.Run.Parallel = 2
	return r
}

// activity is a workload of the rate that is refused between two seconds.
func activity(length, rate, from, to int) []Second {
	var list []Second
	for i := range length {
		s := Second{AtSecond: i, Acknowledged: rate + (i*7)%11}
		switch {
		case i == from:
			s = Second{AtSecond: i, Acknowledged: rate / 2, Refused: rate / 3, Unknown: 5}
		case i > from && i < to:
			s = Second{AtSecond: i, Refused: rate - (i*5)%23}
		case i == to:
			s = Second{AtSecond: i, Acknowledged: rate / 3, Refused: rate / 5}
		}
		list = append(list, s)
	}
	return list
}

// intact are the five classes without a loss.
func intact(acknowledged int) []RPO {
	var list []RPO
	for i, c := range []struct {
		name   string
		target float64
	}{{"runs", 0}, {"audit", 0}, {"agents", 300}, {"memory", 3600}, {"vectors", 86400}} {
		list = append(list, RPO{
			Class: c.name, TargetSeconds: c.target, TargetFrom: FromPlaybook, ObservedSeconds: seconds(0), StoreSeconds: seconds(0),
			StorePosition: fmt.Sprintf("LSN 0/19A3F%d0", i), ProtectedBy: "WAL, fsync at commit", Judged: "observed", Verdict: Met,
			Acknowledged: acknowledged + i, Unknown: i % 2,
		})
	}
	return list
}

func events(injected float64, names string, after ...float64) []Event {
	list := []Event{{"began", 0}, {"steady state", 3.1}, {"injected", injected}}
	for i, name := range strings.Split(names, ",") {
		list = append(list, Event{name, injected + after[i]})
	}
	return list
}

func postgresKill() Drill {
	return Drill{
		Name: "postgres-kill", Scenario: "Scenario 3: PostgreSQL failure", Title: "Every process of PostgreSQL is killed",
		Fault:    "SIGKILL of all processes of the PostgreSQL container",
		Recovery: "restart-postgres.sh: start the server, wait for crash recovery, check what it says",
		Proves:   "Nothing acknowledged is lost", Hit: "6 processes of postgres, the postmaster first",
		Verdict: Met, Repetition: 1, BeganAt: time.Date(2026, 3, 2, 9, 15, 2, 250e6, time.UTC),
		RTO: RTO{
			TargetSeconds: 900, TargetFrom: FromPlaybook, MeasuredSeconds: seconds(2.316), UncertaintySeconds: .014, JudgedSeconds: seconds(2.316), Verdict: Met,
			Phases: []Phase{{"impact", .018}, {"detection", .052}, {"decision", .031}, {"check the status", .21}, {"start PostgreSQL", 1.62}, {"wait until it accepts connections", .31}, {"settle", .075}},
		},
		RPO:      intact(612),
		Proofs:   []Proof{{"no acknowledged write is lost", Met, "3,070 of 3,070 acknowledged writes read back with their payload"}, {"crash recovery ran", Met, "the log says: database system was not properly shut down; automatic recovery in progress"}},
		Timeline: events(12.402, "impact,detected,recovery started,recovery finished,restored,verified", .018, .07, .101, 2.241, 2.316, 8.914),
		Steps: []Step{
			{Script: "restart-postgres.sh", Name: "check the status", AtSeconds: 12.503, Seconds: .21, DeadlineSeconds: 10, Output: "postgres:5432 - no response\n"},
			{Script: "restart-postgres.sh", Name: "start PostgreSQL", AtSeconds: 12.713, Seconds: 1.62, DeadlineSeconds: 60, Output: ""},
			{Script: "restart-postgres.sh", Name: "wait until it accepts connections", AtSeconds: 14.333, Seconds: .31, DeadlineSeconds: 300, Output: "postgres:5432 - accepting connections\n"},
		},
		Activity: activity(22, 240, 12, 14),
		Probe:    Probe{Name: "SELECT 1 through the gateway", IntervalSeconds: .01, SlowestSeconds: .004, Count: 2210, Failed: 229, FirstError: "connection refused"},
		Settings: []Setting{{"postgres", "fsync", "on", "on"}, {"postgres", "synchronous_commit", "on", "on"}, {"postgres", "full_page_writes", "on", "on"}},
		Archive: []Archive{
			{"postgres", "agents", "agents", 90, "5945438469857925340179943004812444173357127855250529482635647204843343925141422"},
			{"postgres", "runs", "runs", 1350, "76763537832187954719256189904990462482229494872538489235559090811845266691676943"},
		},
		Versions: map[string]string{"postgres": "PostgreSQL 17.2 (Debian 17.2-1)"},
		Evidence: []Evidence{{"evidence/postgres-kill/ledger.jsonl", digest("e5")}, {"evidence/postgres-kill/restart-postgres.log", digest("f6")}},
	}
}

func redisKill() Drill {
	d := postgresKill()
	d.Name, d.Scenario, d.Title = "redis-kill", "Scenario 2: Redis failure", "Redis is killed and comes back from its AOF"
	d.Fault, d.Hit, d.Recovery = "SIGKILL of the Redis server", "process 7 of redis", "restart-redis.sh: restart from the AOF"
	d.Proves, d.Limits = "Loss within the AOF policy", "A SIGKILL leaves the page cache; appendfsync everysec can lose a second at a power cut."
	d.RTO = RTO{TargetSeconds: 300, TargetFrom: FromPlaybook, MeasuredSeconds: seconds(.84), UncertaintySeconds: .012, JudgedSeconds: seconds(.84), Verdict: Met, Phases: []Phase{{"impact", .009}, {"detection", .05}, {"start Redis", .7}, {"settle", .081}}}
	d.RPO = intact(598)[3:4]
	d.RPO[0].ProtectedBy, d.RPO[0].StorePosition, d.RPO[0].StoreSeconds = "AOF, fsync every second", "", nil
	d.Timeline = events(9.2, "impact,detected,recovery started,recovery finished,restored,verified", .009, .059, .06, .79, .84, 11.3)
	d.Steps = []Step{{Script: "restart-redis.sh", Name: "start Redis", AtSeconds: 9.26, Seconds: .7, DeadlineSeconds: 60, Output: "OK\n"}}
	d.Activity = activity(21, 50, 9, 9)
	d.Settings = []Setting{{"redis", "appendonly", "yes", "yes"}, {"redis", "appendfsync", "everysec", "everysec"}}
	d.Versions = map[string]string{"redis": "8.0.2"}
	d.Workers = &Workers{Settings: "tuned", LockSeconds: 5, StalledCheckSeconds: 2, MaxStalledCount: 2, Concurrency: 5}
	d.Evidence = []Evidence{{"evidence/redis-kill/ledger.jsonl", digest("07")}}
	return d
}

func volumeLoss() Drill {
	d := postgresKill()
	d.Name, d.Title = "postgres-volume-loss-dump", "PostgreSQL’s container and volume are gone; the newest dump is restored"
	d.Fault, d.Hit = "The container and its data volume are removed", "container postgres, volume postgres (412 MiB)"
	d.Recovery, d.Proves = "restore-postgres-dump.sh: newest verified dump into a fresh server, roles first", "Schema, indexes, roles and rows are back"
	d.Limits = "The dump is of a small database: the restore of a large one takes longer."
	d.Find(Finding{Of: "rpo runs", Verdict: Missed, Reason: "runs: lost 214 acknowledged writes, a window of 4.3 s; target 0 s"})
	d.Find(Finding{Of: "rpo audit", Verdict: Missed, Reason: "audit: lost 215 acknowledged writes, a window of 4.3 s; target 0 s"})
	d.Find(Finding{Of: "rpo agents", Verdict: Missed, Reason: "agents: projected loss of 24 h + 1.9 s; target 5 min"})
	d.RTO = RTO{
		TargetSeconds: 900, TargetFrom: FromPlaybook, MeasuredSeconds: seconds(41.7), UncertaintySeconds: .021, DeclaredSeconds: 180, JudgedSeconds: seconds(221.7), Verdict: Met,
		Phases: []Phase{{"impact", .011}, {"detection", .049}, {"decision", .04}, {"find the newest dump", .4}, {"verify the dump", 1.2}, {"create the server", 6.8}, {"restore the roles", .6}, {"restore the dump", 24.1}, {"rebuild the vector index", 6.3}, {"point the clients at it", 1.1}, {"settle", 1.1}},
	}
	d.RPO = lossyClasses()
	d.BeganAt = time.Date(2026, 3, 2, 23, 59, 12, 0, time.UTC) // it goes on past midnight
	d.Proofs = append(d.Proofs[:1:1], Proof{"the roles are back", Met, "cogitator, cogitator_readonly"}, Proof{"the vector index answers", NotProven, "recall was not measured: no query vectors before the fault"})
	d.Proofs[0] = Proof{"no acknowledged write is lost", Missed, "429 acknowledged writes are not there"}
	d.Timeline = events(31.5, "impact,detected,recovery started,recovery finished,restored,verified", .011, .06, .1, 40.6, 41.7, 52.4)
	d.Steps = stepsFrom("restore-postgres-dump.sh", 31.6, []string{"find the newest dump", "verify the dump", "create the server", "restore the roles", "restore the dump", "rebuild the vector index", "point the clients at it"}, []float64{.4, 1.2, 6.8, .6, 24.1, 6.3, 1.1})
	d.Steps = append(stepsFrom("backup-postgres.sh", 22, []string{"dump", "verify", "upload"}, []float64{1.2, .4, .3}), d.Steps...)
	d.Backups = []Backup{{"backup-postgres.sh", 6, 1.8, 0}, {"backup-postgres.sh", 14, 1.9, 0}, {"backup-postgres.sh", 22, 1.9, 0}}
	d.Activity = activity(88, 240, 31, 73)
	d.Settings[1].Value = "off"
	return d
}

func stepsFrom(script string, start float64, names []string, took []float64) []Step {
	var steps []Step
	for i, name := range names {
		steps = append(steps, Step{Script: script, Name: name, AtSeconds: start, Seconds: took[i], DeadlineSeconds: 300, Output: name + ": done\n"})
		start += took[i]
	}
	return steps
}

func lossyClasses() []RPO {
	classes := intact(1480)
	for i := range classes {
		c := &classes[i]
		c.ProtectedBy, c.StoreSeconds, c.StorePosition = "a daily dump", seconds(4.3), "LSN of the dump 0/1A00028"
		c.ObservedSeconds, c.Lost = seconds(4.3), 214+i
	}
	for i := range 2 {
		classes[i].Verdict = Missed
	}
	for i := 2; i < 5; i++ {
		c := &classes[i]
		c.ScheduleFrom = FromPlaybook
		c.Judged, c.ProjectedSeconds, c.Formula = "projected", seconds(86401.9), "24 h between backups + 1.9 s until one is restorable"
		c.Verdict = Missed
	}
	classes[4].ProjectedSeconds, classes[4].Formula = seconds(86400.31), "24 h between backups + 310 ms until one is restorable"
	classes[3].ProjectedSeconds, classes[3].Formula, classes[3].Verdict = seconds(3590), "59 min 48 s between backups + 2 s until one is restorable", Met
	classes[3].ProtectedBy, classes[3].Mutated, classes[3].Phantom = "an hourly RDB", 2, 1
	return classes
}

func corruptJSON() Drill {
	d := postgresKill()
	d.Name, d.Scenario, d.Title = "corrupt-json", "Scenario 5: data corruption", "Broken JSON appears in the results of runs"
	d.Verdict, d.Reasons = NotProven, []string{"the service was never seen working again: the probe still found 40 damaged rows", "step “restore those rows” timed out after 30 s"}
	d.Fault, d.Hit = "Results of 40 runs are overwritten with broken JSON", "40 rows of runs"
	d.RTO = RTO{TargetSeconds: 3600, UncertaintySeconds: .02, Verdict: Missed, Phases: []Phase{}}
	d.RPO, d.BeganAt = intact(500)[:2], time.Time{} // as in records that were written before there was one
	for i := range d.RPO {
		d.RPO[i].ObservedSeconds, d.RPO[i].StoreSeconds, d.RPO[i].Verdict, d.RPO[i].ProtectedBy = nil, nil, NotProven, ""
		d.RPO[i].StorePosition, d.RPO[i].TargetFrom = "", ""
	}
	d.Proofs = []Proof{{"good rows are untouched", NotProven, "not read: the verification was stopped"}}
	d.Timeline = events(8, "impact,detected,recovery started,recovery finished", .3, .35, .4, 33.1)
	d.Steps = stepsFrom("repair-json.sh", 8.4, []string{"find the damaged rows", "quarantine them", "restore those rows"}, []float64{1.9, .7, 30})
	d.Steps[2].TimedOut, d.Steps[2].ExitCode, d.Steps[2].DeadlineSeconds = true, 137, 30
	d.Steps[2].Output = "waiting for the lock on runs\nwaiting for the lock on runs\n"
	d.Activity = activity(44, 100, -1, -1)
	return d
}

// oddDrill holds what no renderer may trust: markup, control characters, broken UTF-8, endless words.
func oddDrill() Drill {
	d := corruptJSON()
	endless := strings.Repeat("a-very-long-name-", 14)
	d.Name, d.Scenario = "odd-characters", "Scenario <b>5</b> & \"data\" | corruption"
	d.Title = "<script>alert('title')</script> " + endless
	d.Reasons = []string{"step \"x\" said: </details></td><img src=x onerror=alert(1)>", "mentions @somebody and #12, and ends\nin a | second line", endless}
	d.Hit = "container \x1b[31mred\x1b[0m \x00\x07\u202Egnp.exe"
	d.Steps[0].Name, d.Steps[0].Output = endless, "a fence:\n```\n</pre></details><script>alert(2)</script>\n\x1b[1;31mred\x1b[0m \x1b]0;title\x07bell\a nul\x00 bad\xff utf8\rcarriage ]]> end\n"
	d.Steps[2].Output = strings.Repeat("line of output\n", 30) + "````\n<b>bold</b> | @somebody\n"
	d.RPO[0].Class, d.Proofs[0].Detail = "runs\"><script>alert(3)</script>", "100 % of `rows` | *none*"
	d.Evidence = []Evidence{{"javascript:alert(4)", digest("08")}, {"evidence/odd name & <more>.log", digest("09")}}
	d.Versions = map[string]string{"<i>redis</i>": "8"}
	d.Workers = &Workers{Settings: "<i>defaults</i>"}
	// Everything at once: events that coincide, and one long before.
	d.Timeline = events(8, "impact,detected,recovery started,recovery finished,<restored?>", 0, 0, 0.001, 33.1, 33.1)
	return d
}
