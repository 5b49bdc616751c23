package main

import (
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// clockFrom steps on by the second at every look.
func clockFrom(start time.Time) func() time.Time {
	looks := -1
	return func() time.Time {
		looks++
		return start.Add(time.Duration(looks) * time.Second)
	}
}

func TestPlainView(t *testing.T) {
	var out strings.Builder
	eastern := time.FixedZone("", 5*60*60)
	v := &plainView{out: &out, now: clockFrom(time.Date(2026, 11, 23, 13, 15, 0, 0, eastern))}
	for _, p := range []drills.Progress{
		{Kind: drills.DrillBegan},
		{Kind: drills.PhaseBegan, Phase: drills.PhaseRecover},
		{Kind: drills.Ticked, Down: time.Second, WritesPerSecond: 12},
		{Kind: drills.StepBegan, Script: "restart-redis.sh", Step: "start the server"},
		{Kind: drills.StepEnded, Script: "restart-redis.sh", Step: "start the server", Seconds: 1.26},
		{Kind: drills.StepEnded, Script: "restart-redis.sh", Step: "verify", Seconds: 0.0421, ExitCode: 7},
		{Kind: drills.Noted, Note: "a note\x1b[2J\nof two lines"},
		{Kind: drills.DrillEnded, Result: missedDrill()},
	} {
		p.Drill, p.Repetition = "redis-kill", 1
		v.observe(p)
	}
	v.say("interrupted")
	want := `2026-11-23T08:15:00Z redis-kill: drill begins
2026-11-23T08:15:01Z redis-kill: recover
2026-11-23T08:15:02Z redis-kill: restart-redis.sh: start the server …
2026-11-23T08:15:03Z redis-kill: restart-redis.sh: start the server: done in 1.3 s
2026-11-23T08:15:04Z redis-kill: restart-redis.sh: verify: failed with exit code 7 after 42 ms
2026-11-23T08:15:05Z redis-kill: a note[2J of two lines
2026-11-23T08:15:06Z redis-kill: missed: RTO 1.5 s of 5 min, 3 writes lost
2026-11-23T08:15:07Z redis-kill: because 3 acknowledged writes of runs are lost
2026-11-23T08:15:08Z drdrill: interrupted
`
	if got := out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestPlainViewOfTheRunItself(t *testing.T) {
	var out strings.Builder
	v := &plainView{out: &out, now: clockFrom(time.Unix(0, 0)), numbered: true}
	v.observe(drills.Progress{Kind: drills.Noted, Note: "redis: building drdrill/redis"})
	if want := "1970-01-01T00:00:00Z drdrill: redis: building drdrill/redis\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestPlainViewNumbersRepetitions(t *testing.T) {
	var out strings.Builder
	v := &plainView{out: &out, now: clockFrom(time.Unix(0, 0)), numbered: true}
	v.observe(drills.Progress{Drill: "redis-kill", Repetition: 2, Kind: drills.DrillBegan})
	if want := "1970-01-01T00:00:00Z redis-kill #2: drill begins\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// missedDrill is a drill that lost three writes.
func missedDrill() *reports.Drill {
	d := fakeDrill(fakeCatalogue()[1], 1, reports.Missed)
	d.Name = "redis-kill"
	return &d
}
