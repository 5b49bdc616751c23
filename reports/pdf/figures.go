package pdf

// Number is a figure that stands out, with its name above it and a remark below.
type Number struct {
	Name, Words, Remark string
	Tone                Tone
}

// Numbers write figures beside each other in boxes.
func (d *Document) Numbers(numbers []Number) {
	if len(numbers) == 0 {
		return
	}
	const gap, pad = 6.0, 8.0
	width := (Width - gap*float64(len(numbers)-1)) / float64(len(numbers))
	inner := width - 2*pad
	rows := make([][]string, len(numbers))
	height := 0.0
	for i, n := range numbers {
		rows[i] = wrap(n.Words, large, inner)
		h := small.leading + float64(len(rows[i]))*large.leading + 2*pad
		if n.Remark != "" {
			h += small.leading
		}
		height = max(height, h)
	}
	d.place(height)
	from := d.y
	for i, n := range numbers {
		x := left + float64(i)*(width+gap)
		d.y = from
		d.fill(x, d.y, width, height, n.Tone.wash())
		d.y += pad
		d.text(x+pad, d.y+small.baseline(), clip(shown(n.Name), small, inner), small, soft)
		d.y += small.leading
		d.lines(x+pad, rows[i], large, n.Tone.ink())
		d.text(x+pad, d.y+small.baseline(), clip(shown(n.Remark), small, inner), small, soft)
	}
	d.y = from + height + 10
}

// Title writes the title of the document.
func (d *Document) Title(kicker, words, lead string, tone Tone) {
	f := face{bold, 30, 36}
	d.place(f.leading + 60)
	d.paragraph(left, kicker, small, soft)
	d.lines(left, wrap(words, f, Width), f, tone.ink())
	d.paragraph(left, lead, face{regular, 11, 16}, ink)
	d.y += 6
}

// Lines write rules to be signed on, with what belongs on each.
func (d *Document) Lines(names []string) {
	const height, gap = 48.0, 24.0
	d.place(height)
	width := (Width - gap*float64(len(names)-1)) / float64(len(names))
	for i, n := range names {
		x := left + float64(i)*(width+gap)
		d.rule(x, d.y+height-14, x+width, d.y+height-14, ink, 0.75)
		d.text(x, d.y+height-3, clip(shown(n), small, width), small, soft)
	}
	d.y += height + 6
}
