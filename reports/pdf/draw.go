package pdf

// text writes one line at its baseline. The words are those that the fonts can show.
func (d *Document) text(x, baseline float64, words string, f face, c Colour) {
	if words == "" {
		return
	}
	d.out.SetFont(f.name, "", f.size)
	d.out.SetTextColor(c.R, c.G, c.B)
	d.out.Text(x, baseline, words)
}

// lines writes lines below each other, from the height at which the page is filled, and fills it.
func (d *Document) lines(x float64, lines []string, f face, c Colour) {
	for _, l := range lines {
		d.text(x, d.y+f.baseline(), l, f, c)
		d.y += f.leading
	}
}

// baseline is how far below the top of a line its words stand.
func (f face) baseline() float64 { return f.leading/2 + f.size*0.35 }

func (d *Document) fill(x, y, w, h float64, c Colour) {
	d.out.SetFillColor(c.R, c.G, c.B)
	d.out.Rect(x, y, w, h, "F")
}

func (d *Document) rule(x1, y1, x2, y2 float64, c Colour, width float64) {
	d.out.SetDrawColor(c.R, c.G, c.B)
	d.out.SetLineWidth(width)
	d.out.Line(x1, y1, x2, y2)
}

// badge draws a badge at the baseline, from x or ending there, and says how wide it is.
func (d *Document) badge(x, baseline float64, b Badge, ends bool) float64 {
	const pad = 5.0
	words := shown(b.Words)
	w := smallBold.width(words) + 2*pad
	if ends {
		x -= w
	}
	d.out.SetFillColor(b.Tone.wash().R, b.Tone.wash().G, b.Tone.wash().B)
	d.out.RoundedRect(x, baseline-8.8, w, 12, 3, "1234", "F")
	d.text(x+pad, baseline, words, smallBold, b.Tone.ink())
	return w
}
