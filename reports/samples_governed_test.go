package reports

import (
	"time"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// governedRecord is a run with governance that is stated in part, after some earlier runs.
func governedRecord() Record {
	d := postgresKill()
	for i, took := range []*float64{seconds(1.9), nil, seconds(2.1), seconds(1.7)} {
		past := Past{RunID: "20260201-09150" + string(rune('0'+i)) + "-aa", At: time.Date(2026, 2, 1+i, 9, 15, 0, 0, time.UTC), Verdict: Met, RTOSeconds: took}
		if took == nil {
			past.Verdict = Missed
		}
		d.Trend = append(d.Trend, past)
	}
	d.RTO.TargetFrom = FromConfig
	d.Verdict, d.Reasons = Missed, []string{"recovery became slower than in run 20260201-091503-aa"}
	d.Regression = &Regression{
		Baseline: "20260201-091503-aa", Verdict: Missed, Reason: "recovery took 36 % longer, which noise alone does not explain", Otherwise: Met,
		BaselineSeconds: []float64{1.7}, Seconds: []float64{2.316}, P: seconds(.01), Alpha: .05,
		Slowest: &Slower{Phase: "start PostgreSQL", BaselineSeconds: 1.1, Seconds: 1.62}, Differences: []string{"restart-postgres.sh changed"},
	}
	r := sampleRecord(d, redisKill())
	r.History = &History{Entry: 5, Previous: digest("ab")}
	r.Findings = []string{"No run in the third quarter of 2025.", "Run 20260201-091501-aa missed its targets and was followed by 2 more runs on the same day."}
	r.Governance = samplePlan()
	r.Run.Rate, r.Run.Choices = 20, map[string]string{"worker.settings": "defaults"}
	r.Run.Revisions = &Revisions{Own: Revision{Commit: "4f1d2c3b5a69788796a5b4c3d2e1f00112233445"}, Folder: &Revision{Absent: "the folder is in no git repository"}}
	r.Run.Config = &Config{Path: "drdrill.yaml", SHA256: digest("cd")}
	return r
}

func samplePlan() *governance.Plan {
	return &governance.Plan{
		Scope:        governance.Scope{System: "agent runtime", Covers: []string{"PostgreSQL", "Redis"}, Excludes: []governance.Exclusion{{What: "the load balancer"}}},
		Assumptions:  []string{},
		Participants: []governance.Participant{{Role: "on-call engineer"}, {Role: "platform lead", Name: "<b>N. N.</b>"}},
		Approver:     governance.Approver{Role: "platform lead"},
		Runbook:      governance.Runbook{Location: "docs/runbook.md", Version: "2025.4", Reviewed: governance.NewDate(2025, time.December, 1)},
		Targets: governance.Targets{
			RTO:      map[governance.Scenario]governance.Duration{"postgres": governance.Duration(15 * time.Minute)},
			Declared: map[governance.Scenario]governance.Response{"postgres": {Detection: governance.Duration(time.Minute)}},
			Backups:  map[governance.Backup]governance.Schedule{"postgres": governance.Every(24 * time.Hour)},
		},
		Actions: []governance.Action{
			{What: "stream the log to the object store", Owner: "platform lead", Due: governance.NewDate(2026, time.February, 1)},
			{What: "drill the failover of the cluster", Due: governance.NewDate(2026, time.June, 1)},
			{What: "alert on a failed backup", Owner: "on-call engineer", Due: governance.NewDate(2026, time.January, 15), Done: governance.NewDate(2026, time.January, 10)},
		},
	}
}
