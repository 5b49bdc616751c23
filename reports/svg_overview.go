package reports

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// overviewRow is the height of one drill in an overview, its words included.
const overviewRow = 38.0

// overviewPicture draws the recovery times of several drills; empty when none of them has a target.
func overviewPicture(drills []drillView, width float64, class string) template.HTML {
	targeted := withTarget(drills)
	if len(targeted) == 0 {
		return ""
	}
	words := make([]string, len(targeted))
	for i, d := range targeted {
		words[i] = fmt.Sprintf("%s: %s of %s", d.Heading, rtoWords(d.RTO), rtoTarget(d.RTO))
	}
	return drawOverview(targeted, width).picture(class, "Recovery times against their targets, on a logarithmic axis", strings.Join(words, "; ")+".")
}

// withTarget are the drills that are held to a recovery time.
func withTarget(drills []drillView) []drillView {
	return slices.DeleteFunc(slices.Clone(drills), func(d drillView) bool { return !d.RTO.Targeted() })
}

// drawOverview draws drills on one axis of magnitudes, each with its uncertainty and its target.
func drawOverview(drills []drillView, width float64) *drawing {
	ticks := overviewTicks(drills)
	x := logarithmic(ticks[0], ticks[len(ticks)-1], edge, width-edge)
	axis := edge + overviewRow*float64(len(drills))
	p := &drawing{width: width, height: axis + tickHeight}
	p.magnitudes(x, ticks, edge, axis)
	for i, d := range drills {
		p.overviewDrill(d, x, edge+overviewRow*float64(i))
	}
	return p
}

// overviewTicks are the magnitudes around all that is drawn.
func overviewTicks(drills []drillView) []float64 {
	var all []float64
	for _, d := range drills {
		ticks := rtoTicks(d.RTO)
		all = append(all, ticks[0], ticks[len(ticks)-1])
	}
	least, greatest := all[0], all[0]
	for _, v := range all {
		least, greatest = min(least, v), max(greatest, v)
	}
	return magnitudesAround(least, greatest)
}

// overviewDrill draws a drill's name and figure, and its bar below them.
func (p *drawing) overviewDrill(d drillView, x scale, top float64) {
	const barTop, barHeight = 18.0, 12.0
	figure := rtoWords(d.RTO)
	p.text(x.right, top+13, anchorEnd, "step-words", figure)
	p.text(x.left, top+13, anchorStart, "row-words", fitted(d.Heading, x.right-x.left-textWidth(figure)-2*labelGap))
	p.rtoBar(d.RTO, x, top+barTop, barHeight)
	at := x.place(d.RTO.TargetSeconds)
	p.line(at, top+barTop-1, at, top+barTop+barHeight+3, "target")
}
