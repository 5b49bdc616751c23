package pdf

import "fmt"

// The page, in points: A4 with its margins.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 52.0
	right      = pageWidth - 52
	top        = 68.0
	bottom     = pageHeight - 56

	// Width is what a line, a table or a picture has.
	Width = right - left
)

// newPage begins a page, with its header and its footer.
func (d *Document) newPage() {
	d.out.AddPage()
	d.y = top
	const header, footer = 44.0, pageHeight - 36
	end := right
	if d.info.Badge.Words != "" {
		end -= d.badge(right, header, d.info.Badge, true) + 6
	}
	d.text(left, header, clip(shown(d.info.Header), small, end-left), small, soft)
	d.rule(left, header+8, right, header+8, line, 0.75)

	number := fmt.Sprintf("%d of %d", d.out.PageNo(), d.pages())
	d.rule(left, footer-13, right, footer-13, line, 0.75)
	d.text(left, footer, clip(shown(d.info.Footer), small, Width-80), small, soft)
	d.text(right-small.width(number), footer, number, small, soft)
}

// pages is how many pages the document will have; during the first layout, how many it has so far.
func (d *Document) pages() int {
	if d.earlier != nil {
		return d.earlier.out.PageCount()
	}
	return d.out.PageCount()
}

// BeginHigh goes on on a new page, except in the upper part of this one.
func (d *Document) BeginHigh() {
	const least = 0.4 // of a page that has to be left
	d.place(0)
	if d.room() < least*pageRoom {
		d.newPage()
	}
}

// place makes room for a part of the height, together with the headings that wait for it: here, or on
// a new page. What is higher than a page begins on one, and is its own to divide.
func (d *Document) place(height float64) {
	if need := height + d.waitingHeight(); need > 0 && d.y+need > bottom && d.y > top {
		d.newPage()
	}
	waiting := d.waiting
	d.waiting = nil
	for _, h := range waiting {
		d.drawHeading(h)
	}
}

// waitingHeight is that of the headings that wait for what follows them.
func (d *Document) waitingHeight() float64 {
	sum := 0.0
	for _, h := range d.waiting {
		sum += h.height()
	}
	return sum
}

// room is the room that is left on the page.
func (d *Document) room() float64 { return bottom - d.y }

// Gap leaves room between two parts; none at the top of a page.
func (d *Document) Gap(height float64) {
	if d.y > top && len(d.waiting) == 0 {
		d.y += height
	}
}
