package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// takeLasting are the lines of the drills that ended since it was last called.
func (b *board) takeLasting(width int) []string {
	var lines []string
	for _, d := range b.ended[b.printed:] {
		lines = append(lines, b.endedLine(d, width))
		for _, reason := range d.Reasons {
			lines = append(lines, fit(b.palette.faint("  "+oneLine(reason)), "", width))
		}
	}
	b.printed = len(b.ended)
	return lines
}

// endedLine is the outcome of one drill: ✓ redis-kill  met    RTO 1.5 s of 5 min, 0 writes lost.
func (b *board) endedLine(d reports.Drill, width int) string {
	mark := map[string]string{reports.Met: "✓", reports.Missed: "✗"}[d.Verdict]
	if mark == "" {
		mark = "?"
	}
	name := actName(drills.Progress{Drill: d.Name, Repetition: d.Repetition}, b.numbered)
	head := fmt.Sprintf("%s %-*s  %s", b.palette.verdict(d.Verdict, mark), b.widest, name,
		b.palette.verdict(d.Verdict, verdictWords(d.Verdict)))
	return fit(head, summary(d), width)
}

// frame are the lines that show the run at the instant, none wider than width and less than height
// of them: the newest steps have precedence over older ones.
func (b *board) frame(now time.Time, width, height int) []string {
	foot := []string{fit(b.tally(), "", width)}
	if b.news != "" {
		foot = append(foot, fit(b.palette.faint(b.news), "", width))
	}
	if b.parting != "" {
		foot = append(foot, fit(b.palette.yellow(b.parting), "", width))
	}
	foot = foot[:min(len(foot), max(height-1, 1))]
	room := max(height-1-len(foot), 0)
	var lines []string
	for i, a := range b.running {
		share := (room - len(lines)) / (len(b.running) - i)
		lines = append(lines, b.actLines(a, now, width, share)...)
	}
	return append(lines, foot...)
}

// actLines are a running drill in at most room lines.
func (b *board) actLines(a *act, now time.Time, width, room int) []string {
	lines := []string{
		fit(b.palette.bold(a.name), clock(now.Sub(a.began)), width),
		fit("  "+b.status(a, now), "", width),
	}
	if a.note != "" {
		lines = append(lines, fit("  "+b.palette.faint(a.note), "", width))
	}
	if len(lines) > room {
		return lines[:room]
	}
	steps := a.steps[max(0, len(a.steps)-(room-len(lines))):]
	for _, s := range steps {
		lines = append(lines, b.stepLine(s, now, width))
	}
	return lines
}

// status is what a drill is doing: recover 0:12 · down 12.4 s of 5 min · 48 writes/s.
func (b *board) status(a *act, now time.Time) string {
	var parts []string
	if a.phase != "" {
		parts = append(parts, fmt.Sprintf("%s %s", a.phase, clock(now.Sub(a.phaseBegan))))
	}
	if clock := b.rtoClock(a, now); clock != "" {
		parts = append(parts, clock)
	}
	if a.ticked {
		parts = append(parts, fmt.Sprintf("%.0f writes/s", a.writes))
	}
	return strings.Join(parts, b.palette.faint(" · "))
}

// rtoClock is red while the service is down, and green once it is up again.
func (b *board) rtoClock(a *act, now time.Time) string {
	switch {
	case a.outage.down:
		return b.palette.red("down "+tenths(a.outage.at(now))) + a.ofTarget()
	case a.outage.seen:
		return b.palette.green("up after "+tenths(a.outage.at(now))) + a.ofTarget()
	default:
		return ""
	}
}

func (b *board) stepLine(s stepRow, now time.Time, width int) string {
	mark, took := b.palette.yellow("▸"), tenths(now.Sub(s.began))
	switch {
	case s.ended && s.exitCode == 0:
		mark, took = b.palette.green("✓"), words(s.took)
	case s.ended:
		mark, took = b.palette.red("✗"), fmt.Sprintf("exit code %d, %s", s.exitCode, words(s.took))
	}
	return fit(fmt.Sprintf("  %s %s  %s", mark, s.step, b.palette.faint(s.script)), took, width)
}

// tally is how far the run has come: 3 of 9 drills done: 2 met, 1 missed.
func (b *board) tally() string {
	counts := map[string]int{}
	for _, d := range b.ended {
		counts[d.Verdict]++
	}
	line := fmt.Sprintf("%d of %s done", len(b.ended), quantity(b.total, "drill"))
	sep := ": "
	for _, verdict := range []string{reports.Met, reports.Missed, reports.NotProven} {
		if n := counts[verdict]; n > 0 {
			line += sep + b.palette.verdict(verdict, fmt.Sprintf("%d %s", n, verdictWords(verdict)))
			sep = ", "
		}
	}
	return line
}

// fit makes one line of at most width columns: left, and right at the right edge as long as there is
// room for it beside something of left worth reading. The eye does not follow a very wide line, so
// that right then comes nearer.
func fit(left, right string, width int) string {
	const worthReading, easyToFollow = 16, 100
	if right != "" {
		width = min(width, easyToFollow)
	}
	room := width - ansi.StringWidth(right) - 2
	if right == "" || room < min(worthReading, ansi.StringWidth(left)) {
		return ansi.Truncate(left, width, "…")
	}
	left = ansi.Truncate(left, room, "…")
	gap := width - ansi.StringWidth(left) - ansi.StringWidth(right)
	return left + strings.Repeat(" ", gap) + right
}

// ofTarget is the recovery time that the clock runs against, where there is one.
func (a *act) ofTarget() string {
	if a.target == 0 {
		return ""
	}
	return " of " + words(a.target)
}
