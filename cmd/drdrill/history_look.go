package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

// lookBack is what a chain shows, of one drill alone if one is named.
func lookBack(chain history.Chain, drill string, last int, now time.Time) pastRuns {
	drills := chain.Drills()
	if drill != "" {
		chain, drills = chain.Only(drill), []string{drill}
	}
	past := pastRuns{
		Head: chain.Head, Drill: drill, Entries: []pastRun{}, Damage: append([]history.Damage{}, chain.Damage...),
		Findings: append([]history.Finding{}, chain.Findings(now)...), Trends: map[string][]reports.Past{}, drills: drills,
	}
	for _, e := range chain.Entries {
		past.Entries = append(past.Entries, pastRun{e.Hash, e})
	}
	for _, name := range drills {
		past.Trends[name] = history.Trend(chain.Entries, name, last)
	}
	return past
}

// historyLook writes a history for people.
type historyLook struct {
	palette palette
	drawn   bool // with lines and marks as a terminal shows them; else in plain letters
	last    int
}

func (l historyLook) text(past pastRuns) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", past.Path, spanWords(past))
	if past.Head != "" {
		fmt.Fprintf(&b, "head: sha256 %s\n", past.Head)
	}
	if len(past.Entries) > 0 {
		b.WriteString("\n" + l.runs(past) + "\n" + l.trends(past))
	}
	if len(past.Findings) > 0 {
		b.WriteString("\nFindings\n")
	}
	for _, f := range past.Findings {
		b.WriteString("  " + l.finding(f) + "\n")
	}
	return b.String()
}

// spanWords say how much there is: 3 runs from 2026-01-05 to 2026-03-01; no entry was altered.
func spanWords(past pastRuns) string {
	words := quantity(len(past.Entries), "run")
	if past.Drill != "" {
		words += " of " + past.Drill
	}
	if n := len(past.Entries); n > 0 {
		words += fmt.Sprintf(" from %s to %s", day(past.Entries[0].Run.StartedAt), day(past.Entries[n-1].Run.StartedAt))
	}
	if n := len(past.Damage); n > 0 {
		return words + "; damaged in " + quantity(n, "place")
	}
	return words + "; the chain is unbroken"
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// runs are the last runs, oldest first.
func (l historyLook) runs(past pastRuns) string {
	rows := [][]string{{"ENTRY", "RUN", "STARTED", "VERDICT", "MET", "MISSED", "NOT PROVEN", "SCALE", "REPEATED"}}
	for _, e := range past.Entries[max(0, len(past.Entries)-l.last):] {
		verdict := acceptedWords(e.Run.Verdict, e.Run.Accepted)
		if e.Run.Aborted != "" {
			verdict += ", ended early"
		}
		n := tally(e.Run)
		rows = append(rows, []string{
			strconv.Itoa(e.Number), oneLine(e.Run.ID), e.Run.StartedAt.UTC().Format("2006-01-02 15:04"), l.palette.verdict(e.Run.Verdict, verdict),
			strconv.Itoa(n[reports.Met]), strconv.Itoa(n[reports.Missed]), strconv.Itoa(n[reports.NotProven]),
			oneLine(e.Run.Scale), strconv.Itoa(repetitions(e.Run)),
		})
	}
	return aligned(rows)
}

// tally counts the results by verdict.
func tally(run history.Summary) map[string]int {
	n := map[string]int{}
	for _, r := range run.Results {
		n[r.Verdict]++
	}
	return n
}

// repetitions is how often each drill ran at most.
func repetitions(run history.Summary) int {
	most := 0
	for _, r := range run.Results {
		most = max(most, r.Repetition)
	}
	return most
}

// trends are how each drill went over the last runs.
func (l historyLook) trends(past pastRuns) string {
	rows := [][]string{{"DRILL", "VERDICTS", "FASTEST", "SLOWEST", "LAST", "RTO"}}
	for _, name := range past.drills {
		trend := past.Trends[name]
		fastest, slowest := "–", "–"
		if times := restored(trend); len(times) > 0 {
			fastest, slowest = words(seconds(slices.Min(times))), words(seconds(slices.Max(times)))
		}
		rows = append(rows, []string{oneLine(name), l.marks(trend), fastest, slowest, timeWords(trend[len(trend)-1].RTOSeconds), l.line(trend)})
	}
	return aligned(rows) + l.legend()
}

func (l historyLook) legend() string {
	if l.drawn {
		return l.palette.faint("✓ met, ✗ missed, ? not proven; oldest first; bars from zero to the slowest") + "\n"
	}
	return "+ met, x missed, ? not proven; oldest first\n"
}

func (l historyLook) finding(f history.Finding) string {
	text := oneLine(f.Text)
	if f.Grave() {
		return l.palette.red(text)
	}
	return text
}

// restored are the recovery times that were measured.
func restored(trend []reports.Past) []float64 {
	var times []float64
	for _, p := range trend {
		if p.RTOSeconds != nil {
			times = append(times, *p.RTOSeconds)
		}
	}
	return times
}

// timeWords are a recovery time; a dash where none was measured.
func timeWords(s *float64) string {
	if s == nil {
		return "–"
	}
	return words(seconds(*s))
}
