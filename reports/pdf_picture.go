package reports

import (
	"strings"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// paperWidth is the width for which pictures on paper are drawn: their words are then as small as those
// of a table.
const paperWidth = 720.0

// paint is how a class of shapes looks on paper. The colours are those of the HTML report in print.
type paint struct {
	fill   pdf.Colour
	width  float64   // of a line
	dashes []float64 // of a line
	size   float64   // of a text; 0 is the usual one
	bold   bool      // of a text
	ground bool      // a text that stands out from what it crosses
}

var (
	paperInk  = pdf.Hex(0x000000)
	paperSoft = pdf.Hex(0x444444)
	paperRule = pdf.Hex(0xc9ced4)
	paperGood = pdf.Hex(0x0b5a32)
	paperBad  = pdf.Hex(0x9a1a13)
	paperOpen = pdf.Hex(0x6d4500)
	paperBar  = pdf.Hex(0x3f7fbf)
	outage    = pdf.Hex(0xfbe9e7)
)

// paints are the looks by class.
var paints = map[string]paint{
	"axis": {fill: paperSoft, width: 1.25}, "grid": {fill: paperRule, width: 1}, "tick": {fill: paperSoft, size: 11},
	"outage": {fill: outage}, "paper": {fill: outage},
	"lead bad": {fill: paperBad, width: 1}, "lead good": {fill: paperGood, width: 1}, "lead plain": {fill: paperSoft, width: 1},
	"dot bad": {fill: paperBad}, "dot good": {fill: paperGood}, "dot plain": {fill: paperSoft},
	"event bad": {fill: paperBad, bold: true, ground: true}, "event good": {fill: paperGood, bold: true, ground: true}, "event plain": {fill: paperSoft, ground: true},
	"rto-line": {fill: paperBad, width: 1.25}, "rto-words": {fill: paperBad, bold: true},
	"step": {fill: paperBar}, "step failed": {fill: paperBad}, "step-words": {fill: paperInk}, "step failed-words": {fill: paperBad, bold: true},
	"acknowledged": {fill: pdf.Hex(0x6ba3d6)}, "refused": {fill: pdf.Hex(0xc8372d)}, "unknown": {fill: pdf.Hex(0xdd9a25)}, "backup": {fill: paperSoft},
	"measured met": {fill: paperGood}, "measured missed": {fill: paperBad}, "measured": {fill: paperOpen}, "declared": {fill: pdf.Hex(0xb9d2ea)},
	"not-restored": {fill: pdf.Hex(0xfce8e6)}, "bar-words": {fill: paperBad, bold: true}, "whisker": {fill: paperInk, width: 1.5},
	"target": {fill: paperInk, width: 2, dashes: []float64{4, 3}}, "target-words": {fill: paperInk, bold: true},
	"row-words": {fill: paperInk, bold: true}, "trend-line": {fill: paperSoft, width: 1.5},
	"run-dot": {fill: paperOpen}, "run-dot met": {fill: paperGood}, "run-dot missed": {fill: paperBad},
	"phase phase-0": {fill: pdf.Hex(0x3f7fbf)}, "phase phase-1": {fill: pdf.Hex(0xe09f3e)}, "phase phase-2": {fill: pdf.Hex(0x4a9d77)},
	"phase phase-3": {fill: pdf.Hex(0x9a6fb8)}, "phase phase-4": {fill: pdf.Hex(0xc8553d)}, "phase phase-5": {fill: pdf.Hex(0x5aa9b8)},
	"phase phase-6": {fill: pdf.Hex(0x8d8741)}, "phase phase-7": {fill: pdf.Hex(0x7b8794)},
}

// paintOf is how a class looks; a class with a second word that has no look of its own has the first's.
func paintOf(class string) paint {
	if p, known := paints[class]; known {
		return p
	}
	first, _, _ := strings.Cut(class, " ")
	return paints[first]
}

// picture draws a picture that the HTML report has as well.
func (p pages) picture(d *drawing, caption string, keys []pdf.Key) {
	p.Figure(pdf.Figure{Width: d.width, Height: d.height, Caption: caption, Keys: keys, Draw: func(c pdf.Canvas) {
		for _, s := range d.shapes {
			drawShape(c, s)
		}
	}})
}

func drawShape(c pdf.Canvas, s shape) {
	look := paintOf(s.class)
	switch s.kind {
	case rectangle:
		c.Rect(s.x, s.y, s.dx, s.dy, look.fill)
	case stroke:
		c.Line(s.x, s.y, s.x+s.dx, s.y+s.dy, pdf.Pen{Colour: look.fill, Width: look.width, Dashes: look.dashes})
	case disc:
		c.Disc(s.x, s.y, s.dx, look.fill)
	case pointer:
		c.Triangle(s.x, s.y, s.dx, s.dy, look.fill)
	case words:
		c.Text(s.x, s.y, s.words, lettering(look, s.anchor))
	}
}

func lettering(look paint, anchor string) pdf.Lettering {
	l := pdf.Lettering{Size: look.size, Bold: look.bold, Colour: look.fill}
	if l.Size == 0 {
		l.Size = fontSize
	}
	if look.ground {
		white := pdf.Hex(0xffffff)
		l.Ground = &white
	}
	switch anchor {
	case anchorMiddle:
		l.Align = 0.5
	case anchorEnd:
		l.Align = 1
	}
	return l
}

// drawPhases draws the phases of a recovery as one bar, in the order in which they were.
func drawPhases(phases []Phase) *drawing {
	const height = 20.0
	p := &drawing{width: paperWidth, height: height}
	total, from := 0.0, 0.0
	for _, f := range phases {
		total += max(f.Seconds, 0)
	}
	x := linear(0, total, 0, p.width)
	for i, f := range phases {
		to := from + max(f.Seconds, 0)
		p.rect(x.place(from), 0, x.place(to)-x.place(from), height, phaseClass(i), "")
		from = to
	}
	return p
}

// workloadKeys explain the colours of what became of the workload's writes.
func workloadKeys() []pdf.Key {
	return []pdf.Key{
		{Colour: paintOf("acknowledged").fill, Words: "acknowledged"}, {Colour: paintOf("unknown").fill, Words: "unknown outcome"},
		{Colour: paintOf("refused").fill, Words: "refused"}, {Colour: outage, Words: "outage"},
	}
}

// activityKeys explain the colours of the workload's picture.
func activityKeys(d Drill) []pdf.Key {
	keys := workloadKeys()
	if len(d.Backups) > 0 {
		keys = append(keys, pdf.Key{Colour: paintOf("backup").fill, Words: "backup (▲)"})
	}
	return keys
}

// timelineKeys explain the colours of the success rate below a timeline, where there is one.
func timelineKeys(d Drill) []pdf.Key {
	if len(d.Activity) == 0 {
		return nil
	}
	return workloadKeys()
}
