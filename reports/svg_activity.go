package reports

import (
	"fmt"
	"html/template"
	"math"
)

// activityPicture draws what the workload saw, second by second, over the whole drill: acknowledged,
// unknown and refused writes as stacked bars, the outage shaded, backups marked below the axis.
func activityPicture(d Drill, width float64, class string) template.HTML {
	_, per := binned(d.Activity, mostBars(width))
	return drawActivity(d, width).picture(class, "Writes of the workload", activityWords(d, per))
}

func drawActivity(d Drill, width float64) *drawing {
	const plotHeight, belowAxis = 96.0, 30.0
	bars, per := binned(d.Activity, mostBars(width))
	w := instants(d)
	w.from, w.to = 0, drillSeconds(d)
	most := mostWrites(bars)
	left := textWidth(count(most)) + 2*labelGap
	x := linear(w.from, w.to, left, width-edge)
	labels, lanes := staggered(boundLabels(d, x), width)
	top := edge + laneHeight*float64(lanes) + 8
	axis := top + plotHeight
	y := linear(0, float64(max(most, 1)), axis, top)
	p := &drawing{width: width, height: axis + belowAxis}

	p.outage(w, x, top, axis)
	p.writesAxis(y, x, most)
	for _, s := range bars {
		p.second(s, per, x, y)
	}
	p.timeAxis(w, x, axis, axis+4)
	p.bounds(labels, top, axis)
	for _, b := range d.Backups {
		p.triangle(x.place(b.AtSeconds), axis+20, "backup", fmt.Sprintf("backup by %s at %s", oneLine(b.Script), offset(b.AtSeconds-w.injected)))
	}
	return p
}

// mostBars are as many as can be told apart in a picture of the width.
func mostBars(width float64) int { return int(width / 4) }

// binned joins seconds until at most n bars are left, and says how many seconds a bar stands for.
// A bar's counts are what its seconds saw on average, rounded up so that a single refused write
// stays visible.
func binned(seconds []Second, n int) (bars []Second, per int) {
	last := 0
	for _, s := range seconds {
		last = max(last, s.AtSecond)
	}
	per = max(1, int(math.Ceil(float64(last+1)/float64(max(n, 1)))))
	at := map[int]int{}
	for _, s := range seconds {
		if s.AtSecond < 0 {
			continue
		}
		start := s.AtSecond / per * per
		if _, ok := at[start]; !ok {
			at[start] = len(bars)
			bars = append(bars, Second{AtSecond: start})
		}
		b := &bars[at[start]]
		b.Acknowledged += s.Acknowledged
		b.Refused += s.Refused
		b.Unknown += s.Unknown
	}
	for i := range bars {
		b := &bars[i]
		b.Acknowledged, b.Refused, b.Unknown = average(b.Acknowledged, per), average(b.Refused, per), average(b.Unknown, per)
	}
	return bars, per
}

// average is the sum over n seconds, a second, rounded up.
func average(sum, n int) int { return (sum + n - 1) / n }

func mostWrites(bars []Second) int {
	most := 0
	for _, s := range bars {
		most = max(most, s.Acknowledged+s.Refused+s.Unknown)
	}
	return most
}

// boundLabels name the instants that bound the outage.
func boundLabels(d Drill, x scale) []label {
	var labels []label
	for _, e := range d.Timeline {
		switch e.Event {
		case eventInjected, eventRestored, eventVerified:
			labels = append(labels, label{words: e.Event, class: eventClass(e.Event), x: x.place(e.AtSeconds)})
		}
	}
	return labels
}

// bounds draws the labels with lines down through the plot.
func (p *drawing) bounds(labels []label, top, axis float64) {
	p.labels(labels, top)
	for _, l := range labels {
		p.line(l.x, top, l.x, axis, "lead "+l.class)
	}
}

// writesAxis draws the lines of none, half and the most writes in a second.
func (p *drawing) writesAxis(y, x scale, most int) {
	for _, n := range []int{most / 2, most} {
		if n == 0 {
			continue
		}
		at := y.place(float64(n))
		p.line(x.left, at, x.right, at, "grid")
		p.text(x.left-labelGap, at+4, anchorEnd, "tick", count(n))
	}
	p.text(x.left-labelGap, y.left+4, anchorEnd, "tick", "0")
}

// second draws one bar. What happened at all is drawn at least a pixel high.
func (p *drawing) second(s Second, per int, x, y scale) {
	from, to := x.place(float64(s.AtSecond)), x.place(float64(s.AtSecond+per))
	width := to - from
	if width > 3 {
		width--
	}
	base := y.left
	for _, part := range []struct {
		class string
		n     int
	}{{"acknowledged", s.Acknowledged}, {"unknown", s.Unknown}, {"refused", s.Refused}} {
		if part.n <= 0 {
			continue
		}
		high := max(y.left-y.place(float64(part.n)), 1)
		p.rect(from, base-high, width, high, part.class, "")
		base -= high
	}
}

// activityWords say what the picture shows.
func activityWords(d Drill, per int) string {
	acknowledged, refused, unknown := 0, 0, 0
	for _, s := range d.Activity {
		acknowledged += s.Acknowledged
		refused += s.Refused
		unknown += s.Unknown
	}
	return fmt.Sprintf("%s acknowledged, %s refused, %s of unknown outcome; a bar stands for %s.",
		count(acknowledged), count(refused), count(unknown), duration(float64(per)))
}
