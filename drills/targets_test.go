package drills

import (
	"maps"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

func aRedisDrill() Drill {
	return Drill{
		Labels: []string{"store=redis", "scenario=redis"},
		Objective: recovery.Objective{
			RTO: 5 * time.Minute, RPO: map[recovery.Class]time.Duration{recovery.Runs: 0, recovery.Memory: time.Hour},
		},
		Backups: []Backup{
			{Script: "backup-redis.sh", Policy: 50 * time.Minute, Protect: []recovery.Class{recovery.Memory}},
			{Script: "backup-postgres.sh", Policy: 4 * time.Minute, Protect: []recovery.Class{recovery.Runs}},
		},
	}
}

const statedTargets = `
targets:
  rto: {redis: 2m, postgres: 1h}
  rpo: {runs: 10m}
  backups: {redis: "0 2 * * 1-5"}
  declared: {redis: {detection: 1m, response: 4m}, postgres: {detection: 1h}}
`

func stated(t *testing.T, file string) governance.Targets {
	t.Helper()
	plan, err := governance.Parse("drdrill.yaml", []byte(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Targets
}

// What is stated takes the place of the playbook's, and the rest stays.
func TestHeldTo(t *testing.T) {
	was := aRedisDrill()
	held := HeldTo([]Drill{was}, stated(t, statedTargets))[0]
	if held.Objective.RTO != 2*time.Minute || held.Objective.Declared != 5*time.Minute {
		t.Errorf("RTO %s, declared %s", held.Objective.RTO, held.Objective.Declared)
	}
	if want := map[recovery.Class]time.Duration{recovery.Runs: 10 * time.Minute, recovery.Memory: time.Hour}; !maps.Equal(held.Objective.RPO, want) {
		t.Errorf("RPO %v, want %v", held.Objective.RPO, want)
	}
	if held.RTOFrom() != reports.FromConfig || held.RPOFrom(recovery.Runs) != reports.FromConfig || held.RPOFrom(recovery.Memory) != reports.FromPlaybook {
		t.Errorf("targets from %s, %s, %s", held.RTOFrom(), held.RPOFrom(recovery.Runs), held.RPOFrom(recovery.Memory))
	}
	if again := aRedisDrill(); !maps.Equal(was.Objective.RPO, again.Objective.RPO) || was.Backups[0].Policy != again.Backups[0].Policy {
		t.Errorf("the drill itself was changed: %+v", was)
	}
}

// A schedule is held against what its longest pause can cost.
func TestHeldToSchedules(t *testing.T) {
	held := HeldTo([]Drill{aRedisDrill()}, stated(t, statedTargets))[0]
	redis, postgres := held.Backups[0], held.Backups[1]
	if redis.Policy != 72*time.Hour || redis.words() != `backup-redis.sh at "0 2 * * 1-5", at most 72 h apart` || redis.From() != reports.FromConfig {
		t.Errorf("backup %+v: %s from %s", redis, redis.words(), redis.From())
	}
	if postgres.Policy != 4*time.Minute || postgres.words() != "backup-postgres.sh every 4 min" || postgres.From() != reports.FromPlaybook {
		t.Errorf("backup %+v: %s from %s", postgres, postgres.words(), postgres.From())
	}
}

// The same figures are judged by whoever states the targets: 3 s of outage, backups that take 1 s.
func TestVerdictByStatedTargets(t *testing.T) {
	for file, want := range map[string]struct{ rto, rpo string }{
		"targets: {rto: {redis: 1m}}":                                   {reports.Met, reports.Met},
		"targets: {rto: {redis: 2s}}":                                   {reports.Missed, reports.Met},
		"targets: {declared: {redis: {detection: 30s, response: 27s}}}": {reports.NotProven, reports.Met}, // 60 s ± 20 ms of 1 min
		"targets: {rpo: {audit: 50m}}":                                  {reports.Met, reports.Missed},
		"targets: {rpo: {audit: 50m2s}}":                                {reports.Met, reports.Met},
		"targets: {backups: {redis: 61m}}":                              {reports.Met, reports.Missed},
		"targets: {backups: {redis: 0 * * * *}}":                        {reports.Met, reports.Missed},
		"targets: {rpo: {audit: 24h1m}, backups: {redis: 0 2 * * *}}":   {reports.Met, reports.Met},
		"targets: {rto: {postgres: 1s}, backups: {postgres: 61m}}":      {reports.Met, reports.Met}, // another scenario's
	} {
		r := rehearsed(t)
		r.drill.Labels, r.drill.Backups[0].Script, r.backups[0].script = []string{"scenario=redis"}, "backup-redis.sh", "backup-redis.sh"
		r.drill = HeldTo([]Drill{r.drill}, stated(t, file))[0]
		d := r.conclude(t.Context())
		if d.RTO.Verdict != want.rto || d.RPO[1].Verdict != want.rpo {
			t.Errorf("%s: RTO %s, RPO %s, want %s and %s: %q", file, d.RTO.Verdict, d.RPO[1].Verdict, want.rto, want.rpo, d.Reasons)
		}
	}
}

func TestHeldToNothing(t *testing.T) {
	d := HeldTo([]Drill{aRedisDrill()}, governance.Targets{})[0]
	if d.Objective.RTO != 5*time.Minute || d.RTOFrom() != reports.FromPlaybook || d.Backups[0].words() != "backup-redis.sh every 50 min" {
		t.Errorf("%+v", d)
	}
}

// Where the playbook states no recovery time, none is measured, whatever is configured.
func TestHeldToNoRecoveryTime(t *testing.T) {
	d := aRedisDrill()
	d.Objective.RTO = 0
	held := HeldTo([]Drill{d}, stated(t, "targets: {rto: {redis: 2m}, declared: {redis: {response: 1m}}}"))[0]
	if held.Objective.RTO != 0 || held.Objective.Declared != 0 || held.RTOFrom() != "" {
		t.Errorf("RTO %s and %s, from %q", held.Objective.RTO, held.Objective.Declared, held.RTOFrom())
	}
}
