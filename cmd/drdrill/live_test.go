package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

var dawn = time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)

// at is the instant so many seconds into the run.
func at(s float64) time.Time { return dawn.Add(seconds(s)) }

// boardMidway is a board on which one drill is done and the next is being recovered, 64.2 s into the run.
func boardMidway(colours palette) *board {
	b := newBoard(drills.Plan{Drills: fakeCatalogue(), Repeat: 1}, colours)
	first := fakeDrill(fakeCatalogue()[0], 1, "")
	b.apply(drills.Progress{Drill: "redis-kill", Repetition: 1, Kind: drills.DrillEnded, Result: &first}, at(0))
	for _, n := range []struct {
		at float64
		p  drills.Progress
	}{
		{1, drills.Progress{Kind: drills.DrillBegan}},
		{50, drills.Progress{Kind: drills.PhaseBegan, Phase: drills.PhaseRecover}},
		{50, drills.Progress{Kind: drills.StepBegan, Script: "restore-redis.sh", Step: "verify the backup"}},
		{51, drills.Progress{Kind: drills.StepEnded, Script: "restore-redis.sh", Step: "verify the backup", Seconds: 0.94}},
		{52, drills.Progress{Kind: drills.StepBegan, Script: "restore-redis.sh", Step: "ask the operator"}},
		{53, drills.Progress{Kind: drills.StepEnded, Script: "restore-redis.sh", Step: "ask the operator", Seconds: 0.2, ExitCode: 4}},
		{60, drills.Progress{Kind: drills.StepBegan, Script: "restore-redis.sh", Step: "copy the RDB"}},
		{64, drills.Progress{Kind: drills.Ticked, Down: seconds(15.1), WritesPerSecond: 198.6}},
	} {
		n.p.Drill, n.p.Repetition = "redis-volume-loss", 1
		b.apply(n.p, at(n.at))
	}
	return b
}

func TestFrame(t *testing.T) {
	for _, c := range []struct {
		width, height int
		want          string
	}{{
		width: 80, height: 24, want: `
redis-volume-loss                                                           1:03
  recover 0:14 · down 15.3 s of 5 min · 199 writes/s
  ✓ verify the backup  restore-redis.sh                                   940 ms
  ✗ ask the operator  restore-redis.sh                       exit code 4, 200 ms
  ▸ copy the RDB  restore-redis.sh                                         4.2 s
1 of 3 drills done: 1 met`,
	}, {
		width: 30, height: 24, want: `
redis-volume-loss         1:03
  recover 0:14 · down 15.3 s …
  ✓ verify the backup…  940 ms
  ✗ ask the operator  restore…
  ▸ copy the RDB  rest…  4.2 s
1 of 3 drills done: 1 met`,
	}, {
		width: 12, height: 24, want: `
redis-volum…
  recover 0…
  ✓ verify …
  ✗ ask the…
  ▸ copy th…
1 of 3 dril…`,
	}, {
		width: 80, height: 5, want: `
redis-volume-loss                                                           1:03
  recover 0:14 · down 15.3 s of 5 min · 199 writes/s
  ▸ copy the RDB  restore-redis.sh                                         4.2 s
1 of 3 drills done: 1 met`,
	}} {
		t.Run(fmt.Sprintf("%dx%d", c.width, c.height), func(t *testing.T) {
			got := strings.Join(boardMidway(palette{plain: true}).frame(at(64.2), c.width, c.height), "\n")
			if want := strings.TrimPrefix(c.want, "\n"); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestFrameFitsEveryTerminal(t *testing.T) {
	b := boardMidway(palette{})
	b.news, b.parting = "operator: building", "interrupt signal received: cleaning up; a second Ctrl-C leaves at once"
	b.apply(drills.Progress{Drill: "postgres-kill", Repetition: 1, Kind: drills.Noted, Note: "日本語 as well"}, at(64))
	for width := 1; width <= 130; width++ {
		for height := 1; height <= 30; height++ {
			frame := b.frame(at(64.2), width, height)
			if len(frame) > max(1, height-1) {
				t.Fatalf("%dx%d: %d lines", width, height, len(frame))
			}
			for _, line := range frame {
				if n := ansi.StringWidth(line); n > width || strings.Contains(line, "\n") {
					t.Fatalf("%dx%d: %d columns in %q", width, height, n, line)
				}
			}
		}
	}
}

func TestRTOClock(t *testing.T) {
	b := boardMidway(palette{})
	down := strings.Join(b.frame(at(66), 80, 24), "\n")
	want := palette{}.red("down 17.1 s")
	if !strings.Contains(down, want) {
		t.Errorf("no red clock %q in:\n%s", want, down)
	}
	b.apply(drills.Progress{Drill: "redis-volume-loss", Repetition: 1, Kind: drills.Ticked, Down: -1}, at(67))
	up := strings.Join(b.frame(at(90), 80, 24), "\n")
	want = palette{}.green("up after 15.1 s")
	if !strings.Contains(up, want) {
		t.Errorf("no green clock %q in:\n%s", want, up)
	}
}

func TestEndedDrillsAreShownOnce(t *testing.T) {
	b := boardMidway(palette{plain: true})
	lost := fakeDrill(fakeCatalogue()[1], 1, reports.Missed)
	b.apply(drills.Progress{Drill: lost.Name, Repetition: 1, Kind: drills.DrillEnded, Result: &lost}, at(70))
	got := strings.Join(b.takeLasting(80), "\n")
	want := strings.TrimPrefix(`
✓ redis-kill         met                       RTO 1.5 s of 5 min, 0 writes lost
✗ redis-volume-loss  missed                    RTO 1.5 s of 5 min, 3 writes lost
  3 acknowledged writes of runs are lost`, "\n")
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if again := b.takeLasting(80); len(again) > 0 {
		t.Errorf("shown again: %q", again)
	}
	if frame := b.frame(at(71), 80, 24); len(frame) != 1 || frame[0] != "2 of 3 drills done: 1 met, 1 missed" {
		t.Errorf("frame: %q", frame)
	}
}

func TestNewsBeforeTheFirstDrill(t *testing.T) {
	b := newBoard(drills.Plan{Drills: fakeCatalogue(), Repeat: 1}, palette{plain: true})
	b.apply(drills.Progress{Kind: drills.Noted, Note: "redis: building drdrill/redis"}, at(0))
	want := []string{"0 of 3 drills done", "redis: building drdrill/redis"}
	if got := b.frame(at(1), 80, 24); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	b.apply(drills.Progress{Drill: "redis-kill", Repetition: 1, Kind: drills.DrillBegan}, at(2))
	if got := b.frame(at(2), 80, 24); slices.Contains(got, want[1]) {
		t.Errorf("stays when a drill has begun: %q", got)
	}
}

func TestNoColour(t *testing.T) {
	p := program{getenv: func(name string) string { return map[string]string{"NO_COLOR": "yes"}[name] }}
	if got := strings.Join(boardMidway(p.palette()).frame(at(64), 80, 24), ""); strings.Contains(got, "\x1b") {
		t.Errorf("coloured: %q", got)
	}
}

func TestPaneGoesBackOverWhatItPainted(t *testing.T) {
	var out strings.Builder
	p := &pane{out: &out}
	for _, step := range []struct {
		lasting, lines []string
		width          int
		want           string
	}{
		{nil, []string{"0123456789", "two"}, 10, "0123456789\ntwo\n"},
		{[]string{"done"}, []string{"three"}, 10, "\x1b[2F\x1b[Jdone\nthree\n"},
		{nil, []string{"0123456789"}, 10, "\x1b[1F\x1b[J0123456789\n"},
		{nil, []string{"narrow"}, 4, "\x1b[3F\x1b[Jnarrow\n"}, // ten columns are three rows of four
		{nil, nil, 10, "\x1b[1F\x1b[J"},
	} {
		out.Reset()
		p.show(step.lasting, step.lines, step.width)
		if want := beginSync + step.want + endSync; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	}
}

func TestLiveViewAfterClose(t *testing.T) {
	var out strings.Builder
	size := func() (int, int) { return 80, 24 }
	v := startLive(boardMidway(palette{plain: true}), &out, size, func() time.Time { return at(64.2) })
	v.close()
	v.close()
	before := out.String()
	v.observe(drills.Progress{Drill: "postgres-kill", Kind: drills.DrillBegan})
	v.say("too late")
	if out.String() != before {
		t.Error("painted after close")
	}
	if !strings.Contains(before, "✓ redis-kill         met") {
		t.Errorf("the drill that ended is not in %q", before)
	}
}
