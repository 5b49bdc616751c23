package reports

import (
	"fmt"
	"html/template"
	"math"
)

// rtoPicture draws the measured recovery time against its target, on an axis of magnitudes: the
// measurement as a bar with its uncertainty as a whisker, declared delays as a paler bar beyond
// it, the target as a line.
func rtoPicture(t RTO, width float64, class string) template.HTML {
	return drawRTO(t, width).picture(class, "Recovery time against its target", fmt.Sprintf("Measured %s, target %s, on a logarithmic axis.",
		rtoWords(t), duration(t.TargetSeconds)))
}

func drawRTO(t RTO, width float64) *drawing {
	const barTop, barHeight = 30.0, 18.0
	ticks := rtoTicks(t)
	x := logarithmic(ticks[0], ticks[len(ticks)-1], edge, width-edge)
	axis := barTop + barHeight + 12
	p := &drawing{width: width, height: axis + tickHeight}

	p.magnitudes(x, ticks, barTop-6, axis)
	p.rtoBar(t, x, barTop, barHeight)
	p.targetLine(t, x, barTop-6, axis)
	return p
}

// rtoTicks are the magnitudes around all that is drawn.
func rtoTicks(t RTO) []float64 {
	least, greatest := t.TargetSeconds, t.TargetSeconds
	for _, v := range []*float64{t.MeasuredSeconds, t.JudgedSeconds} {
		if v != nil {
			least, greatest = min(least, *v), max(greatest, *v)
		}
	}
	if !finite(least) || !finite(greatest) {
		return magnitudes
	}
	// The bar of a measurement at the very beginning of the axis would not be seen.
	return magnitudesAround(least/2, greatest*1.2)
}

func (p *drawing) magnitudes(x scale, ticks []float64, top, axis float64) {
	end := -math.MaxFloat64
	for _, v := range ticks {
		at := x.place(v)
		p.line(at, top, at, axis, "grid")
		words := duration(v)
		middle := within(at, words, p.width)
		if middle-textWidth(words)/2 < end+labelGap {
			continue
		}
		end = middle + textWidth(words)/2
		p.text(middle, axis+15, anchorMiddle, "tick", words)
	}
	p.line(x.left, axis, x.right, axis, "axis")
}

func (p *drawing) rtoBar(t RTO, x scale, top, height float64) {
	middle := top + height/2
	if t.MeasuredSeconds == nil {
		p.rect(x.left, top, x.right-x.left, height, "not-restored", notRestored)
		p.text(x.left+2*labelGap, middle+4, anchorStart, "bar-words", notRestored)
		return
	}
	measured := *t.MeasuredSeconds
	if t.JudgedSeconds != nil && t.DeclaredSeconds > 0 {
		p.rect(x.left, top+3, x.place(*t.JudgedSeconds)-x.left, height-6, "declared", "with declared delays: "+duration(*t.JudgedSeconds))
	}
	p.rect(x.left, top, max(x.place(measured)-x.left, 2), height, "measured "+slug(t.Verdict), "measured "+rtoWords(t))
	p.whisker(x.place(measured-t.UncertaintySeconds), x.place(measured+t.UncertaintySeconds), middle)
}

// whisker draws the range in which the true value lies.
func (p *drawing) whisker(from, to, y float64) {
	const half = 5.0
	if to-from < 2 { // it would be hidden behind its own ends
		from, to = (from+to)/2-1, (from+to)/2+1
	}
	p.line(from, y, to, y, "whisker")
	p.line(from, y-half, from, y+half, "whisker")
	p.line(to, y-half, to, y+half, "whisker")
}

func (p *drawing) targetLine(t RTO, x scale, top, axis float64) {
	if t.TargetSeconds <= 0 {
		return
	}
	at := x.place(t.TargetSeconds)
	words := "target " + duration(t.TargetSeconds)
	p.line(at, top-4, at, axis, "target")
	p.text(within(at, words, p.width), top-9, anchorMiddle, "target-words", words)
}

// phasesPicture draws the phases of a recovery as one bar, in the order in which they were. Its
// colours are named in the table of phases beside it.
func phasesPicture(phases []Phase) template.HTML {
	total := 0.0
	for _, f := range phases {
		total += max(f.Seconds, 0)
	}
	p := &drawing{width: 100, height: 1}
	x, from := linear(0, total, 0, p.width), 0.0
	for i, f := range phases {
		to := from + max(f.Seconds, 0)
		p.rect(x.place(from), 0, x.place(to)-x.place(from), 1, phaseClass(i), oneLine(f.Name)+": "+duration(f.Seconds))
		from = to
	}
	return p.stretched("phases", "Phases of the recovery", fmt.Sprintf("%s in %s.", plural(len(phases), "phase"), duration(total)))
}

// phaseClass is the colour of the nth phase. Colours come round again after eight.
func phaseClass(n int) string { return fmt.Sprintf("phase phase-%d", n%8) }
