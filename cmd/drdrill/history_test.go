package main

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

// somePast is a history of one drill that grew slower, then was not restored.
func somePast() pastRuns {
	began := time.Date(2026, 1, 5, 8, 15, 0, 0, time.UTC)
	var chain history.Chain
	for i, rto := range []float64{1, 2, 8, 0} {
		verdict := []string{reports.Met, reports.Met, reports.Missed, reports.NotProven}[i]
		result := history.Result{Drill: "redis-kill", Repetition: 1, Verdict: verdict}
		if rto > 0 {
			result.RTO.MeasuredSeconds = &rto
		}
		run := history.Summary{ID: "run-" + string(rune('a'+i)), StartedAt: began.AddDate(0, 0, i), Verdict: verdict, Results: []history.Result{result}}
		chain.Entries = append(chain.Entries, history.Entry{Number: i + 1, Run: run})
	}
	return lookBack(chain, "", history.TrendLength, began.AddDate(0, 0, 9))
}

func TestHistoryOnATerminal(t *testing.T) {
	coloured := historyLook{drawn: true, last: history.TrendLength}.text(somePast())
	if !strings.Contains(coloured, "\x1b[") {
		t.Error("there is no colour")
	}
	text := ansi.Strip(coloured)
	for _, want := range []string{
		"4      run-d  2026-01-08 08:15  not proven  0    0       1                  1\n",
		"redis-kill  ✓✓✗?      1 s      8 s      –     ▁▂█·\n",
		"bars from zero to the slowest",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

func TestHistoryInPlainLetters(t *testing.T) {
	text := historyLook{palette: palette{plain: true}, last: 2}.text(somePast())
	if strings.Contains(text, "run-b") || !strings.Contains(text, "redis-kill  ++x?      1 s      8 s      –     1 s, 2 s, 8 s, –\n") {
		t.Errorf("got\n%s", text)
	}
	if strings.ContainsAny(text, "\x1b▁✓") {
		t.Error("it is not plain")
	}
}
