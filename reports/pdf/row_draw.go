package pdf

// drawRow draws a row, or a part of one, and fills the page by its height.
func (d *Document) drawRow(r tableRow, columns []Column, widths []float64) {
	x, from := left, d.y
	end := left - cellGap
	for _, w := range widths {
		end += w + cellGap
	}
	for i, lines := range r.cells {
		y := from + r.pad
		if r.head { // names of columns stand at their foot
			y += float64(r.depth()-len(lines)) * cellLeading
		}
		for _, l := range lines {
			d.cellLine(l, x, y, widths[i], columns[i].Right)
			y += cellLeading
		}
		x += widths[i] + cellGap
	}
	d.y += r.pad + float64(r.depth())*cellLeading
	if len(r.output) > 0 {
		height := float64(len(r.output))*code.leading + outputPad
		d.y += outputPad / 2
		d.fill(left, d.y, end-left, height, faint)
		d.y += outputPad / 2
		d.lines(left+outputPad, r.output, code, ink)
		d.y += outputPad
	}
	d.y += r.pad
	if !r.more {
		c, width := line, 0.5
		if r.head {
			c, width = soft, 0.75
		}
		d.rule(left, d.y, end, d.y, c, width)
	}
}

func (d *Document) cellLine(l cellLine, x, y, width float64, ends bool) {
	baseline := y + 8.5
	if l.badge != nil {
		if ends {
			x += width
		}
		d.badge(x, baseline, *l.badge, ends)
		return
	}
	if l.swatch != nil {
		d.fill(x, baseline-6.5, 7, 7, *l.swatch)
	}
	if l.swatch != nil && !ends {
		x += swatchRoom
	}
	w := l.face.width(l.words)
	if ends {
		x += width - w
	}
	d.text(x, baseline, l.words, l.face, l.colour)
	if l.link != "" {
		d.out.Link(x, y, w, cellLeading, d.linkTo(l.link))
	}
}
