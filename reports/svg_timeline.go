package reports

import (
	"html/template"
	"strings"
)

// The measures of a timeline picture.
const (
	laneHeight = 18.0
	tickHeight = 20.0 // of the axis with its words
	rtoHeight  = 26.0 // of the line that shows the RTO
)

// window is the part of a drill that a timeline picture shows, in seconds since the drill began.
type window struct {
	from, to float64
	injected float64 // the origin of the words on the axis
	restored float64
	// known says which of the instants the timeline holds.
	injectedKnown, restoredKnown bool
}

// closeUp is the window around the outage: from just before the fault until the service was
// restored and the last step had ended. It goes on to the verification unless that would press the
// outage into a corner.
func closeUp(d Drill) window {
	w := instants(d)
	end := w.injected
	for _, e := range d.Timeline {
		if e.Event != eventVerified {
			end = max(end, e.AtSeconds)
		}
	}
	for _, s := range recoverySteps(d) {
		end = max(end, s.AtSeconds+s.Seconds)
	}
	if verified, ok := eventAt(d, eventVerified); ok && verified-w.injected <= 3*(end-w.injected) {
		end = max(end, verified)
	}
	const before, after = 0.06, 0.05
	extent := max(end-w.injected, 1e-3)
	w.from, w.to = w.injected-before*extent, w.injected+(1+after)*extent
	return w
}

// instants are those of the drill that every picture marks.
func instants(d Drill) window {
	var w window
	w.injected, w.injectedKnown = eventAt(d, eventInjected)
	w.restored, w.restoredKnown = eventAt(d, eventRestored)
	return w
}

// recoverySteps are the steps that ran after the fault; the backups before it are not part of the recovery.
func recoverySteps(d Drill) []Step {
	injected, _ := eventAt(d, eventInjected)
	var steps []Step
	for _, s := range d.Steps {
		if s.AtSeconds >= injected {
			steps = append(steps, s)
		}
	}
	return steps
}

// timelinePicture draws a drill's outage: the events above the axis of time, the RTO, the recovery's
// steps and the workload's success rate below it, the outage shaded.
func timelinePicture(d Drill, width float64, class string) template.HTML {
	return drawTimeline(d, width).picture(class, "Timeline of the outage", timelineWords(d, closeUp(d)))
}

func drawTimeline(d Drill, width float64) *drawing {
	w := closeUp(d)
	x := linear(w.from, w.to, edge, width-edge)
	labels, lanes := staggered(eventLabels(d, w, x), width)
	steps := recoverySteps(d)
	axis := edge + laneHeight*float64(lanes) + 8
	stepsTop := axis + tickHeight + rtoHeight
	bars, stepsEnd := stepBars(steps, x, stepsTop)
	rateTop := stepsEnd + edge
	p := &drawing{width: width, height: rateTop}
	if len(d.Activity) > 0 {
		p.height += rateHeight
	}

	p.outage(w, x, axis, rateTop)
	p.timeAxis(w, x, axis, rateTop-edge)
	p.labels(labels, axis)
	p.rtoLine(d.RTO, w, x, axis+tickHeight)
	for _, b := range bars {
		p.step(b, w)
	}
	if len(d.Activity) > 0 {
		p.successRate(d.Activity, w, x, rateTop)
	}
	return p
}

// eventLabels are the words of the events within the window, with how long after the fault they were.
func eventLabels(d Drill, w window, x scale) []label {
	var labels []label
	for _, e := range d.Timeline {
		if e.AtSeconds < w.from || e.AtSeconds > w.to {
			continue
		}
		words := oneLine(e.Event)
		if since := e.AtSeconds - w.injected; since != 0 {
			words += " " + offset(since)
		}
		words = fitted(words, x.right-x.left-2*labelGap)
		labels = append(labels, label{words: words, class: eventClass(e.Event), x: x.place(e.AtSeconds)})
	}
	return labels
}

// eventClass gives the two events that bound the RTO their colours.
func eventClass(event string) string {
	switch event {
	case eventInjected, eventImpact:
		return "bad"
	case eventRestored, eventVerified:
		return "good"
	default:
		return "plain"
	}
}

// outage shades the time without service: from the fault until it was restored, or until the
// picture ends.
func (p *drawing) outage(w window, x scale, top, bottom float64) {
	if !w.injectedKnown {
		return
	}
	end := x.right
	if w.restoredKnown {
		end = x.place(w.restored)
	}
	from := x.place(w.injected)
	p.rect(from, top, max(end-from, 1), bottom-top, "outage", "")
}

// timeAxis draws the axis with its ticks, whose words count from the fault.
func (p *drawing) timeAxis(w window, x scale, y, bottom float64) {
	const ticksEvery, most = 72.0, 8
	for _, v := range x.ticks(w.injected, min(int((x.right-x.left)/ticksEvery), most)) {
		at := x.place(v)
		words := offset(roundedTo(v-w.injected, 1e-9))
		p.line(at, y, at, bottom, "grid")
		p.text(within(at, words, p.width), y+15, anchorMiddle, "tick", words)
	}
	p.line(x.left, y, x.right, y, "axis")
}

// within moves the middle of a text so that it stays in the picture.
func within(x float64, words string, width float64) float64 {
	half := textWidth(words)/2 + 1
	return min(max(x, half), width-half)
}

// roundedTo takes the noise of floating-point sums out of a tick's value.
func roundedTo(v, unit float64) float64 {
	if v < unit/2 && v > -unit/2 {
		return 0
	}
	return v
}

// labels writes the staggered labels above the axis, each with its line down to it. The texts come
// last: where the picture is too narrow to keep a line off a text, the text stays legible.
func (p *drawing) labels(labels []label, axis float64) {
	base := func(l label) float64 { return axis - 9 - laneHeight*float64(l.lane) }
	for _, l := range labels {
		p.line(l.x, base(l)-10, l.x, axis, "lead "+l.class)
		p.circle(l.x, axis, 3.5, "dot "+l.class, "")
	}
	for _, l := range labels {
		baseline := base(l)
		if l.left {
			p.text(l.x-labelGap, baseline, anchorEnd, "event "+l.class, l.words)
		} else {
			p.text(l.x+labelGap, baseline, anchorStart, "event "+l.class, l.words)
		}
	}
}

// rtoLine draws the recovery time as a line between the fault and the restored service.
func (p *drawing) rtoLine(t RTO, w window, x scale, top float64) {
	if !w.injectedKnown || !t.Targeted() {
		return
	}
	const half = 4.0
	y := top + rtoHeight/2
	from, to := x.place(w.injected), x.right
	words := "RTO " + plusMinus(t.MeasuredSeconds, t.UncertaintySeconds, notRestored)
	if w.restoredKnown {
		to = x.place(w.restored)
		p.line(to, y-half, to, y+half, "rto-line")
	}
	p.line(from, y-half, from, y+half, "rto-line")
	p.line(from, y, to, y, "rto-line")
	switch wide := textWidth(words) + 2*labelGap; {
	case to-from >= wide+4*labelGap:
		middle := (from + to) / 2
		p.rect(middle-wide/2, y-8, wide, 16, "paper", "")
		p.text(middle, y+4, anchorMiddle, "rto-words", words)
	case to+wide <= p.width:
		p.text(to+labelGap, y+4, anchorStart, "rto-words", words)
	case from >= wide:
		p.text(from-labelGap, y+4, anchorEnd, "rto-words", words)
	default:
		p.text(within((from+to)/2, words, p.width), y-3, anchorMiddle, "rto-words", words)
	}
}

// timelineWords say what the picture shows.
func timelineWords(d Drill, w window) string {
	var words []string
	for _, e := range d.Timeline {
		words = append(words, oneLine(e.Event)+" "+offset(roundedTo(e.AtSeconds-w.injected, 1e-9)))
	}
	if !w.restoredKnown {
		words = append(words, notRestored)
	}
	words = append(words, plural(len(recoverySteps(d)), "recovery step"))
	return strings.Join(words, ", ") + "."
}
