package reports

import (
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// risk is an accepted risk of the drill with the dump; of is a data class.
func risk(of string, expires governance.Date) governance.Risk {
	return governance.Risk{
		Drill: "postgres-volume-loss-dump", Class: governance.Class(of), Reason: "A dump holds what was there when it began; the log is streamed from April on.",
		Owner: "platform team", AcceptedBy: "head of platform", Expires: expires,
	}
}

// judged is a record of the drills under a configuration that accepts the risks.
func judged(risks []governance.Risk, drills ...Drill) Record {
	r := sampleRecord(drills...)
	r.Run.Config, r.Governance = &Config{Path: "drdrill.yaml", SHA256: digest("cd")}, &governance.Plan{Risks: risks}
	r.Accept()
	return r
}

// missedRecord misses what is accepted, what was accepted until the day before, and more; and something that is accepted
// is missed no more.
func missedRecord() Record {
	closed := risk("", governance.NewDate(2026, time.June, 30))
	closed.Drill, closed.Finding = "postgres-kill", "rto"
	return judged([]governance.Risk{
		risk("runs", governance.NewDate(2026, time.June, 30)), risk("audit", governance.NewDate(2026, time.March, 1)), closed,
	}, postgresKill(), volumeLoss())
}

// acceptedRecord misses nothing but what is accepted.
func acceptedRecord() Record {
	d := volumeLoss()
	d.Findings, d.Reasons, d.RPO = d.Findings[:2], d.Reasons[:2], slices.Concat(d.RPO[:2], intact(1480)[2:])
	d.Proofs, d.Settings = d.Proofs[1:2], postgresKill().Settings
	return judged([]governance.Risk{
		risk("runs", governance.NewDate(2026, time.June, 30)), risk("audit", governance.NewDate(2026, time.May, 31)),
	}, redisKill(), d)
}
