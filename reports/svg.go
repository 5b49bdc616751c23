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

// drawing is a picture in the making: shapes that the HTML report writes as SVG and the PDF report
// draws itself. Its colours come from the report's style sheet, by class, so that a picture follows
// the reader's light or dark scheme.
type drawing struct {
	shapes        []shape
	width, height float64
}

// shape is one part of a picture.
type shape struct {
	kind  shapeKind
	class string // what it stands for, and so how it looks
	words string // of a text; of another shape its title, which may be empty
	// x and y are a corner, a line's beginning, a circle's middle, a triangle's point, or where a text is anchored.
	x, y   float64
	dx, dy float64 // from there to the opposite corner or the line's end; dx is a circle's radius
	anchor string  // of a text
}

type shapeKind int

const (
	rectangle shapeKind = iota
	stroke
	disc
	pointer // a small triangle that points up
	words
)

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
	d.shapes = append(d.shapes, shape{kind: rectangle, class: class, words: title, x: x, y: y, dx: max(w, 0), dy: max(h, 0)})
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	d.shapes = append(d.shapes, shape{kind: stroke, class: class, x: x1, y: y1, dx: x2 - x1, dy: y2 - y1})
}

func (d *drawing) circle(x, y, r float64, class, title string) {
	d.shapes = append(d.shapes, shape{kind: disc, class: class, words: title, x: x, y: y, dx: r})
}

// The anchors of a text: where its x is.
const (
	anchorStart  = "start"
	anchorMiddle = "middle"
	anchorEnd    = "end"
)

func (d *drawing) text(x, y float64, anchor, class, text string) {
	d.shapes = append(d.shapes, shape{kind: words, class: class, words: text, x: x, y: y, anchor: anchor})
}

// triangle draws a small mark that points up to (x, y).
func (d *drawing) triangle(x, y float64, class, title string) {
	const half, high = 4.0, 7.0
	d.shapes = append(d.shapes, shape{kind: pointer, class: class, words: title, x: x, y: y, dx: half, dy: high})
}

// svg writes a shape as an element.
func (s shape) svg(b *strings.Builder) {
	class := html.EscapeString(s.class)
	switch s.kind {
	case rectangle:
		s.element(b, "rect", "x", s.x, "y", s.y, "width", s.dx, "height", s.dy)
	case stroke:
		s.element(b, "line", "x1", s.x, "y1", s.y, "x2", s.x+s.dx, "y2", s.y+s.dy)
	case disc:
		s.element(b, "circle", "cx", s.x, "cy", s.y, "r", s.dx)
	case pointer:
		fmt.Fprintf(b, `<path class="%s" d="M%s %sl%s %sh%sz"><title>%s</title></path>`+"\n", class,
			coordinate(s.x), coordinate(s.y), coordinate(s.dx), coordinate(s.dy), coordinate(-2*s.dx), html.EscapeString(s.words))
	case words:
		fmt.Fprintf(b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`+"\n",
			class, coordinate(s.x), coordinate(s.y), s.anchor, html.EscapeString(s.words))
	}
}

// element writes an element with number attributes, given as name and value in turn.
func (s shape) element(b *strings.Builder, name string, attrs ...any) {
	fmt.Fprintf(b, `<%s class="%s"`, name, html.EscapeString(s.class))
	for i := 0; i+1 < len(attrs); i += 2 {
		fmt.Fprintf(b, ` %s="%s"`, attrs[i], coordinate(attrs[i+1].(float64)))
	}
	if s.words == "" {
		b.WriteString("/>\n")
		return
	}
	fmt.Fprintf(b, "><title>%s</title></%s>\n", html.EscapeString(s.words), name)
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
	for _, s := range d.shapes {
		s.svg(&b)
	}
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
