package main

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/cogitator-ai/drdrill/reports"
)

// bars are the heights of a line drawn with characters.
var bars = []rune("▁▂▃▄▅▆▇█")

// mostFigures is how many recovery times stand in a line that is not drawn.
const mostFigures = 5

// line shows the recovery times of a trend, oldest first: bars on a terminal, in the verdict's colour,
// and the last figures elsewhere.
func (l historyLook) line(trend []reports.Past) string {
	if !l.drawn {
		return figuresLine(trend)
	}
	top := 0.0
	if times := restored(trend); len(times) > 0 {
		top = slices.Max(times)
	}
	var b strings.Builder
	for _, p := range trend {
		b.WriteString(l.palette.verdict(p.Verdict, string(bar(p.RTOSeconds, top))))
	}
	return b.String()
}

// bar is a value's height on a scale from zero to top, so that a bar twice as high is twice as long.
func bar(value *float64, top float64) rune {
	if value == nil || top <= 0 {
		return '·'
	}
	return bars[max(0, min(len(bars)-1, int(*value/top*float64(len(bars))+0.5)-1))]
}

// figuresLine are the last recovery times in figures.
func figuresLine(trend []reports.Past) string {
	cut := ""
	if len(trend) > mostFigures {
		cut, trend = "… ", trend[len(trend)-mostFigures:]
	}
	return cut + strings.Join(each(trend, func(p reports.Past) string { return timeWords(p.RTOSeconds) }), ", ")
}

// marks are the verdicts of a trend, a character each.
func (l historyLook) marks(trend []reports.Past) string {
	drawn, plain := map[string]string{reports.Met: "✓", reports.Missed: "✗"}, map[string]string{reports.Met: "+", reports.Missed: "x"}
	var b strings.Builder
	for _, p := range trend {
		mark, known := plain[p.Verdict]
		if l.drawn {
			mark = drawn[p.Verdict]
		}
		if !known {
			mark = "?"
		}
		b.WriteString(l.palette.verdict(p.Verdict, mark))
	}
	return b.String()
}

// aligned sets rows in columns that are as wide as a terminal shows them, colours apart.
func aligned(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
