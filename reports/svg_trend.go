package reports

import (
	"fmt"
	"html/template"
)

// trendPicture draws the recovery times of a drill's runs.
func trendPicture(d Drill, width float64, class string) template.HTML {
	return drawTrend(d, width).picture(class, "Recovery time of this drill over the last runs",
		fmt.Sprintf("%s; the last one is this run.", plural(len(d.Trend)+1, "run")))
}

// drawTrend draws the runs oldest first and this one last, on an axis of magnitudes with the target as a
// line. A run that restored nothing has a mark at the top.
func drawTrend(d Drill, width float64) *drawing {
	const high, belowAxis = 74.0, 8.0
	runs := append(append([]Past{}, d.Trend...), Past{Verdict: d.Verdict, RTOSeconds: d.RTO.MeasuredSeconds})
	ticks := trendTicks(d.RTO, runs)
	left := 0.0
	for _, v := range ticks {
		left = max(left, textWidth(duration(v)))
	}
	x := linear(0, float64(max(len(runs)-1, 1)), left+4*labelGap, width-4*labelGap)
	y := logarithmic(ticks[0], ticks[len(ticks)-1], high, 12)
	p := &drawing{width: width, height: high + belowAxis}
	for _, v := range ticks {
		at := y.place(v)
		p.line(x.left-labelGap, at, width-edge, at, "grid")
		p.text(x.left-2*labelGap, at+4, anchorEnd, "tick", duration(v))
	}
	if d.RTO.Targeted() {
		p.line(x.left-labelGap, y.place(d.RTO.TargetSeconds), width-edge, y.place(d.RTO.TargetSeconds), "target")
	}
	p.runs(runs, x, y)
	return p
}

// trendTicks are the magnitudes around the runs and the target.
func trendTicks(t RTO, runs []Past) []float64 {
	least, greatest := t.TargetSeconds, t.TargetSeconds
	for _, r := range runs {
		if r.RTOSeconds == nil || !finite(*r.RTOSeconds) {
			continue
		}
		if least <= 0 {
			least = *r.RTOSeconds
		}
		least, greatest = min(least, *r.RTOSeconds), max(greatest, *r.RTOSeconds)
	}
	if !finite(least) || !finite(greatest) {
		return magnitudes
	}
	return magnitudesAround(least/2, greatest*1.2)
}

// runs draws a point a run, and a line between neighbours that were both restored.
func (p *drawing) runs(runs []Past, x, y scale) {
	for i := 1; i < len(runs); i++ {
		if a, b := runs[i-1].RTOSeconds, runs[i].RTOSeconds; a != nil && b != nil {
			p.line(x.place(float64(i-1)), y.place(*a), x.place(float64(i)), y.place(*b), "trend-line")
		}
	}
	for i, r := range runs {
		at, words := y.right, figure(r.RTOSeconds, notRestored)
		if r.RTOSeconds != nil {
			at = y.place(*r.RTOSeconds)
		}
		name := oneLine(r.RunID)
		if i == len(runs)-1 {
			name = "this run"
		}
		p.circle(x.place(float64(i)), at, 4.5, "run-dot "+slug(verdictWords(r.Verdict)), fmt.Sprintf("%s: %s, %s", name, words, verdictWords(r.Verdict)))
	}
}
