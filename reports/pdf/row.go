package pdf

import "strings"

// tableRow is a row with its words broken into lines.
type tableRow struct {
	cells  [][]cellLine
	output []string
	pad    float64 // above and below its words
	head   bool
	group  bool
	more   bool // another part of it follows on the next page
}

// cellLine is one line of a cell.
type cellLine struct {
	words  string
	face   face
	colour Colour
	badge  *Badge
	swatch *Colour
	link   string
}

// cellLeading is from one line of a cell to the next, of words of either size.
const cellLeading = 11.0

const swatchRoom = 12.0

func newTableRow(row Row, widths []float64) tableRow {
	total := -cellGap
	for _, w := range widths {
		total += w + cellGap
	}
	if row.Group != "" {
		return tableRow{group: true, cells: [][]cellLine{cellLines(Cell{Words: row.Group, Bold: true, Tone: Soft}, total)}}
	}
	var r tableRow
	for i, c := range row.Cells[:min(len(row.Cells), len(widths))] {
		r.cells = append(r.cells, cellLines(c, widths[i]))
	}
	if output := strings.TrimRight(row.Output, "\n"); output != "" { // an empty line would stand alone on the next page
		r.output = wrap(output, code, total-2*outputPad)
	}
	return r
}

// cellLines break a cell's words into lines.
func cellLines(c Cell, width float64) []cellLine {
	f := small
	f.size = 8.5
	if c.Bold {
		f.typeface = bold
	}
	if c.Swatch != nil {
		width -= swatchRoom
	}
	var lines []cellLine
	switch {
	case c.Badge:
		lines = append(lines, cellLine{badge: &Badge{c.Words, c.Tone}})
	case c.Words != "":
		for i, l := range wrap(c.Words, f, width) {
			cl := cellLine{words: l, face: f, colour: c.Tone.ink(), link: c.Link}
			if i == 0 {
				cl.swatch = c.Swatch
			}
			lines = append(lines, cl)
		}
	}
	if c.Small != "" {
		for _, l := range wrap(c.Small, smallest, width) {
			lines = append(lines, cellLine{words: l, face: smallest, colour: soft})
		}
	}
	return lines
}

var smallest = face{regular, 7.5, 10}

const outputPad = 6.0

// depth is how many lines the highest cell has.
func (r tableRow) depth() int {
	n := 0
	for _, c := range r.cells {
		n = max(n, len(c))
	}
	return n
}

func (r tableRow) empty() bool { return r.depth() == 0 && len(r.output) == 0 }

func (r tableRow) height() float64 {
	h := 2 * r.pad
	h += float64(r.depth()) * cellLeading
	if len(r.output) > 0 {
		h += float64(len(r.output))*code.leading + 2*outputPad
	}
	return h
}

// least is the height of the least part of the row that may stand at the end of a page: all its
// cells, and three lines of its output.
func (r tableRow) least() float64 {
	r.output = r.output[:min(len(r.output), 3)]
	return r.height()
}

// cut divides a row where the room ends. The first part has at least a line.
func (r tableRow) cut(room float64) (part, rest tableRow) {
	if r.height() <= room {
		return r, tableRow{}
	}
	part, rest = r, tableRow{output: r.output, pad: r.pad}
	if n := max(int((room-2*r.pad)/cellLeading), 1); n < r.depth() {
		part.cells, rest.cells = nil, nil
		for _, c := range r.cells {
			part.cells = append(part.cells, c[:min(n, len(c))])
			rest.cells = append(rest.cells, c[min(n, len(c)):])
		}
		part.output, part.more = nil, true
		return part, rest
	}
	left := room - 2*r.pad - float64(r.depth())*cellLeading - 2*outputPad
	n := max(int(left/code.leading), 0)
	if r.depth() == 0 {
		n = max(n, 1)
	}
	part.output, rest.output, part.more = r.output[:min(n, len(r.output))], r.output[min(n, len(r.output)):], true
	return part, rest
}
