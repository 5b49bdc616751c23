package pdf

// Paragraph writes a text. At least two of its lines stay together at either end of a page.
func (d *Document) Paragraph(words string) { d.paragraph(left, words, body, ink) }

// Note writes a text in small letters, such as what explains a table.
func (d *Document) Note(words string) { d.paragraph(left, words, small, soft) }

func (d *Document) paragraph(x float64, words string, f face, c Colour) {
	d.flow(x, wrap(words, f, right-x), f, c)
	d.y += f.leading / 3
}

// flow writes lines over as many pages as it takes, and leaves no single line at either end of one.
func (d *Document) flow(x float64, lines []string, f face, c Colour) {
	for len(lines) > 0 {
		d.place(float64(min(len(lines), 2)) * f.leading)
		n := min(max(int(d.room()/f.leading), 1), len(lines))
		if len(lines)-n == 1 && n > 2 {
			n--
		}
		d.lines(x, lines[:n], f, c)
		if lines = lines[n:]; len(lines) > 0 {
			d.newPage()
		}
	}
}

// List writes points below each other.
func (d *Document) List(points []string) {
	for _, p := range points {
		lines := wrap(p, body, Width-12)
		d.place(float64(min(len(lines), 2)) * body.leading)
		d.text(left+2, d.y+body.baseline(), "•", body, soft)
		d.flow(left+12, lines, body, ink)
		d.y += 2
	}
}

// Fact is a name and what is said of it.
type Fact struct{ Name, Words string }

// Facts write names in a column and what is said of them beside it. A few stay together.
func (d *Document) Facts(facts []Fact) { d.facts(facts, body) }

// SmallFacts are facts in small letters.
func (d *Document) SmallFacts(facts []Fact) { d.facts(facts, small) }

func (d *Document) facts(facts []Fact, letters face) {
	total := 0.0
	for _, f := range facts {
		name, words := f.wrapped(letters)
		total += float64(max(len(name), len(words)))*letters.leading + factGap
	}
	if total <= pageRoom/5 {
		d.place(total)
	}
	for _, f := range facts {
		d.fact(f, letters)
	}
}

const (
	factColumn = 128.0
	factStart  = factColumn + 10 // of what is said
	factGap    = 3.0
)

func (f Fact) wrapped(letters face) (name, words []string) {
	return wrap(f.Name, letters, factColumn), wrap(f.Words, letters, Width-factStart)
}

func (d *Document) fact(f Fact, letters face) {
	name, words := f.wrapped(letters)
	d.place(float64(max(len(name), min(len(words), 3))) * letters.leading)
	page, y := d.out.PageNo(), d.y
	d.lines(left, name, letters, soft)
	after := d.y
	d.y = y
	d.flow(left+factStart, words, letters, ink)
	if d.out.PageNo() == page {
		d.y = max(d.y, after)
	}
	d.y += factGap
}

// Callout writes a title and points on a coloured ground.
func (d *Document) Callout(tone Tone, title string, points []string) {
	const pad = 10.0
	var lines []calloutLine
	for _, l := range wrap(title, strong, Width-2*pad) {
		lines = append(lines, calloutLine{words: l, face: strong})
	}
	for _, p := range points {
		for i, l := range wrap(p, body, Width-2*pad-12) {
			lines = append(lines, calloutLine{words: l, face: body, indent: 12, begins: i == 0})
		}
	}
	d.Gap(6)
	for len(lines) > 0 {
		d.place(float64(min(len(lines), 3))*body.leading + pad)
		n := min(max(int((d.room()-pad)/body.leading), 1), len(lines))
		d.calloutPart(tone, lines[:n], pad)
		if lines = lines[n:]; len(lines) > 0 {
			d.newPage()
		}
	}
	d.y += 8
}

// calloutLine is one line of a callout.
type calloutLine struct {
	words  string
	face   face
	indent float64
	begins bool // a point
}

func (d *Document) calloutPart(tone Tone, lines []calloutLine, pad float64) {
	height := float64(len(lines))*body.leading + pad
	d.fill(left, d.y, Width, height, tone.wash())
	d.fill(left, d.y, 3, height, tone.ink())
	d.y += pad / 2
	for _, l := range lines {
		if l.begins {
			d.text(left+pad+2, d.y+body.baseline(), "•", body, tone.ink())
		}
		d.text(left+pad+l.indent, d.y+body.baseline(), l.words, l.face, ink)
		d.y += body.leading
	}
	d.y += pad / 2
}
