package pdf

// Table is a table whose head is repeated on every page that it goes on to.
type Table struct {
	Columns []Column
	Rows    []Row
	Narrow  bool // as narrow as its shares say, instead of as wide as the page
	Low     bool // with low rows
}

// Column is one column of a table.
type Column struct {
	Head  string
	Share float64 // of the width, in relation to the others'; in a narrow table, in points
	Right bool    // figures, which end at the same place
}

// Row is one row: a cell for each column, and what was printed below it.
type Row struct {
	Group  string // instead of cells: a title for the rows that follow
	Cells  []Cell
	Output string // in the font of a terminal; may be empty
}

// Cell is one cell of a table.
type Cell struct {
	Words  string
	Small  string // below, in small letters
	Bold   bool
	Tone   Tone
	Badge  bool    // the words stand on the ground of their tone
	Swatch *Colour // a square before the words
	Link   string  // the name to which the words lead
}

const (
	cellGap = 8.0 // between columns
	rowPad  = 3.0 // above and below the words of a row
	lowPad  = 1.0
)

// Table writes a table.
func (d *Document) Table(t Table) {
	w := t.widths()
	head := t.head(w)
	rows := make([]tableRow, 0, len(t.Rows))
	for _, row := range t.Rows {
		rows = append(rows, t.row(row, w))
	}
	if len(rows) == 0 {
		return
	}
	d.place(head.height() + start(rows))
	d.drawRow(head, t.Columns, w)
	for i, r := range rows {
		need := r.least()
		if next := i + 1; i > 0 && (next == len(rows)-1 || r.group && next < len(rows)) {
			// The last row does not stand alone on the next page, nor a title at the end of one.
			need = r.height() + rows[next].least()
		}
		if i > 0 && need > d.room() && need <= pageRoom-head.height() {
			d.newPage()
			d.drawRow(head, t.Columns, w)
		}
		d.rowOverPages(r, head, t.Columns, w)
	}
	d.y += 8
}

// start is the height of the rows that stay with a table's head: all of a small table, and the first
// two of another, a title not counted.
func start(rows []tableRow) float64 {
	total := 0.0
	for _, r := range rows {
		total += r.height()
	}
	if total <= pageRoom/4 {
		return total
	}
	first := 0.0
	for i, r := range rows[:min(len(rows), 3)] {
		if i == 2 && !rows[0].group {
			break
		}
		first += r.least()
	}
	return min(first, pageRoom/2)
}

// pageRoom is the height of an empty page's text.
const pageRoom = bottom - top

// widths are those of the columns, in points, without the gaps between them.
func (t Table) widths() []float64 {
	total := 0.0
	for _, c := range t.Columns {
		total += c.Share
	}
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = c.Share
		if !t.Narrow {
			widths[i] = c.Share / total * (Width - cellGap*float64(len(t.Columns)-1))
		}
	}
	return widths
}

// head is the row of the columns' names.
func (t Table) head(w []float64) tableRow {
	var cells []Cell
	for _, c := range t.Columns {
		cells = append(cells, Cell{Small: c.Head})
	}
	r := t.row(Row{Cells: cells}, w)
	r.head = true
	return r
}

// row is a row with its words broken into lines.
func (t Table) row(row Row, widths []float64) tableRow {
	r := newTableRow(row, widths)
	r.pad = rowPad
	if t.Low {
		r.pad = lowPad
	}
	return r
}

// rowOverPages writes a row; where it is higher than the room that is left, in parts.
func (d *Document) rowOverPages(r, head tableRow, columns []Column, w []float64) {
	for !r.empty() {
		part, rest := r.cut(d.room())
		d.drawRow(part, columns, w)
		if r = rest; !r.empty() {
			d.newPage()
			d.drawRow(head, columns, w)
		}
	}
}
