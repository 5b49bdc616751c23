package reports

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	slow := postgresKill()
	slow.RTO.JudgedSeconds = seconds(.85 * slow.RTO.TargetSeconds)
	frequent := postgresKill()
	frequent.RPO[2].Judged, frequent.RPO[2].Verdict, frequent.RPO[2].ProjectedSeconds = "projected", Missed, seconds(900)
	lost := postgresKill()
	lost.RPO[0].Verdict = Missed
	for _, c := range []struct {
		name string
		d    Drill
		want []string // the beginnings, or none
	}{
		{"met", postgresKill(), nil},
		{"met with little room", slow, []string{"Shorten the recovery, beginning with its longest step: “start PostgreSQL”"}},
		{"a backup that is too rare", frequent, []string{"Agents: take backups more often. Interval and lag together must stay within 5 min."}},
		{"lost writes", lost, []string{"Runs: find out why acknowledged writes"}},
		{"missed", volumeLoss(), []string{
			"Set synchronous_commit of postgres to on", "Runs, audit: find out", "Agents: take backups", "Vectors: take backups", "Repair what the check “no acknowledged write is lost” found",
		}},
		{"not proven", corruptJSON(), []string{"Find out why the step “restore those rows” of repair-json.sh did not end within 30 s", "Remove the reason"}},
		{"slower", governedRecord().Drills[0], []string{"Find out why “start PostgreSQL” takes 1.6 s now and took 1.1 s"}},
	} {
		got := advice(c.d)
		ok := len(got) >= len(c.want) && (len(c.want) > 0 || len(got) == 0)
		for _, want := range c.want {
			ok = ok && slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) })
		}
		if !ok {
			t.Errorf("%s: advice\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestWorstMargins(t *testing.T) {
	near := redisKill()
	near.RTO.JudgedSeconds = seconds(280)
	rto, rpo, hasRTO, hasRPO := worstMargins(sampleRecord(postgresKill(), near, volumeLoss()))
	if !hasRTO || rto.Drill != 1 || rto.Share() != "93 % used" {
		t.Errorf("the worst recovery time is %+v, %s", rto, rto.Share())
	}
	if !hasRPO || rpo.Drill != 2 || rpo.Of != "audit" || rpo.Share() != "over the target" {
		t.Errorf("the worst loss is %+v, %s", rpo, rpo.Share())
	}
	if rto, _, _, _ := worstMargins(sampleRecord(near, corruptJSON())); rto.Drill != 1 || !math.IsInf(rto.Used, 1) {
		t.Errorf("a drill that was not restored has a margin: %+v", rto)
	}
	if _, _, hasRTO, hasRPO := worstMargins(sampleRecord(Drill{})); hasRTO || hasRPO {
		t.Error("a drill without a target has a margin")
	}
}

// TestShareNeverRoundsAMissAway holds that what is within its target is never shown as all used, and what
// is over never as within.
func TestShareNeverRoundsAMissAway(t *testing.T) {
	for used, want := range map[float64]string{0: "nothing used", .001: "less than 1 % used", .999: "99 % used", 1: "100 % used", 1.004: "just over the target", 3.14: "3.1 times the target"} {
		if got := (margin{Used: used}).Share(); got != want {
			t.Errorf("%v is %q, want %q", used, got, want)
		}
	}
}

func TestStepsThatAreToFailNeedNoAdvice(t *testing.T) {
	d := postgresKill()
	d.Steps[0].ExitCode = 70
	if list := advice(d); len(list) > 0 {
		t.Errorf("the drill met its targets, and %q is to be done", list)
	}
	d.Verdict = Missed
	if list := advice(d); len(list) != 1 || !strings.Contains(list[0], d.Steps[0].Name) {
		t.Errorf("advice %q, want one about the step that failed", list)
	}
}
