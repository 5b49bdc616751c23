package reports

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// drawing is an SVG picture in the making. Its colours come from the report's style sheet, by class,
// so that a picture follows the reader's light or dark scheme.
type drawing struct {
	b             strings.Builder
	width, height float64
}

// The sizes that the pictures share, in units of their view box (pixels at full width).
const (
	fontSize  = 12.0
	charWidth = 0.56 * fontSize // of an average character; measured generously, since fonts differ
	edge      = 6.0             // between a picture's contents and its border
)

// textWidth is about how wide a text will be.
func textWidth(s string) float64 { return float64(utf8.RuneCountInString(s)) * charWidth }

// fitted cuts a text to a width.
func fitted(s string, width float64) string { return clipped(s, int(width/charWidth)) }

func (d *drawing) rect(x, y, w, h float64, class, title string) {
	d.element("rect", class, title, "x", x, "y", y, "width", max(w, 0), "height", max(h, 0))
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	d.element("line", class, "", "x1", x1, "y1", y1, "x2", x2, "y2", y2)
}

func (d *drawing) circle(x, y, r float64, class, title string) {
	d.element("circle", class, title, "cx", x, "cy", y, "r", r)
}

// element writes an element with number attributes, given as name and value in turn.
func (d *drawing) element(name, class, title string, attrs ...any) {
	fmt.Fprintf(&d.b, `<%s class="%s"`, name, html.EscapeString(class))
	for i := 0; i+1 < len(attrs); i += 2 {
		fmt.Fprintf(&d.b, ` %s="%s"`, attrs[i], coordinate(attrs[i+1].(float64)))
	}
	if title == "" {
		d.b.WriteString("/>\n")
		return
	}
	fmt.Fprintf(&d.b, "><title>%s</title></%s>\n", html.EscapeString(title), name)
}

// The anchors of a text: where its x is.
const (
	anchorStart  = "start"
	anchorMiddle = "middle"
	anchorEnd    = "end"
)

func (d *drawing) text(x, y float64, anchor, class, words string) {
	fmt.Fprintf(&d.b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`+"\n",
		html.EscapeString(class), coordinate(x), coordinate(y), anchor, html.EscapeString(words))
}

// triangle draws a small mark that points up to (x, y).
func (d *drawing) triangle(x, y float64, class, title string) {
	const half, high = 4.0, 7.0
	fmt.Fprintf(&d.b, `<path class="%s" d="M%s %sl%s %sh%sz"><title>%s</title></path>`+"\n", html.EscapeString(class),
		coordinate(x), coordinate(y), coordinate(half), coordinate(high), coordinate(-2*half), html.EscapeString(title))
}

// picture closes the drawing. The name and description are what a reader who does not see it gets.
func (d *drawing) picture(class, name, description string) template.HTML {
	return d.closed(class, "xMidYMid meet", name, description)
}

// stretched closes a drawing without words, which is drawn as wide as the page lets it.
func (d *drawing) stretched(class, name, description string) template.HTML {
	return d.closed(class, "none", name, description)
}

func (d *drawing) closed(class, ratio, name, description string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="%s" viewBox="0 0 %s %s" preserveAspectRatio="%s" role="img" aria-label="%s">`+"\n",
		html.EscapeString(class), coordinate(d.width), coordinate(d.height), ratio, html.EscapeString(name+". "+description))
	b.WriteString(d.b.String())
	b.WriteString("</svg>")
	// Every text went through html.EscapeString, and every number through coordinate.
	return template.HTML(b.String()) //nolint:gosec
}

// coordinate writes a number for an attribute; one that is not finite becomes 0.
func coordinate(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	s := strconv.FormatFloat(v, 'f', 1, 64)
	if s = strings.TrimSuffix(s, ".0"); s == "-0" {
		return "0"
	}
	return s
}
