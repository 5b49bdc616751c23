package pdf

import "codeberg.org/go-pdf/fpdf"

// Figure is a picture of a size in units of its own, in which it is drawn.
type Figure struct {
	Width, Height float64
	Draw          func(Canvas)
	Caption       string
	Keys          []Key // what its colours mean
}

// Key is one colour of a picture and what it means.
type Key struct {
	Colour Colour
	Words  string
}

// Figure writes a picture as wide as the page, or as high as one, with what is said below it.
func (d *Document) Figure(f Figure) {
	if f.Width <= 0 || f.Height <= 0 {
		return
	}
	var caption []string
	if f.Caption != "" {
		caption = wrap(f.Caption, small, Width)
	}
	below := float64(len(caption))*small.leading + 8
	if len(f.Keys) > 0 {
		below += float64(len(keyLines(f.Keys)))*small.leading + 2
	}
	if d.waitingHeight() > pageRoom/2 {
		d.place(0) // no picture goes beside so many headings
	}
	scale := min(Width/f.Width, (pageRoom-d.waitingHeight()-below)/f.Height)
	d.place(f.Height*scale + below)
	f.Draw(Canvas{d: d, x: left, y: d.y, scale: scale})
	d.y += f.Height*scale + 2
	if len(f.Keys) > 0 {
		d.keys(f.Keys)
	}
	d.lines(left, caption, small, soft)
	d.y += 6
}

const (
	keyIndent = 11.0 // of the words, behind the colour
	keyGap    = 14.0 // between keys
)

// keys explain the colours beside each other, on as many lines as it takes.
func (d *Document) keys(keys []Key) {
	for _, line := range keyLines(keys) {
		x := left
		for _, k := range line {
			d.fill(x, d.y+2, 7, 7, k.Colour)
			d.text(x+keyIndent, d.y+small.baseline(), k.Words, small, soft)
			x += k.width()
		}
		d.y += small.leading
	}
	d.y += 2
}

// keyLines are the keys that go on each line, with words that fit one.
func keyLines(keys []Key) [][]Key {
	var lines [][]Key
	x := Width
	for _, k := range keys {
		k.Words = clip(shown(k.Words), small, Width-keyIndent)
		if x+k.width()-keyGap > Width {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], k)
		x += k.width()
	}
	return lines
}

// width is the room that a key takes on its line.
func (k Key) width() float64 { return keyIndent + small.width(k.Words) + keyGap }

// Canvas is where a picture is drawn, in its own units: x from the left, y down.
type Canvas struct {
	d           *Document
	x, y, scale float64
}

// Rect fills a rectangle.
func (c Canvas) Rect(x, y, w, h float64, fill Colour) {
	c.d.fill(c.x+x*c.scale, c.y+y*c.scale, w*c.scale, h*c.scale, fill)
}

// Line draws a line. Dashes may be nil.
func (c Canvas) Line(x1, y1, x2, y2 float64, p Pen) {
	dashes := make([]float64, 0, len(p.Dashes))
	for _, v := range p.Dashes {
		dashes = append(dashes, v*c.scale)
	}
	c.d.out.SetDashPattern(dashes, 0)
	c.d.rule(c.x+x1*c.scale, c.y+y1*c.scale, c.x+x2*c.scale, c.y+y2*c.scale, p.Colour, p.Width*c.scale)
	c.d.out.SetDashPattern(nil, 0)
}

// Pen is how a line is drawn.
type Pen struct {
	Colour Colour
	Width  float64
	Dashes []float64
}

// Disc fills a circle.
func (c Canvas) Disc(x, y, radius float64, fill Colour) {
	c.d.out.SetFillColor(fill.R, fill.G, fill.B)
	c.d.out.Circle(c.x+x*c.scale, c.y+y*c.scale, radius*c.scale, "F")
}

// Triangle fills a triangle that points up to (x, y).
func (c Canvas) Triangle(x, y, half, high float64, fill Colour) {
	x, y = c.x+x*c.scale, c.y+y*c.scale
	c.d.out.SetFillColor(fill.R, fill.G, fill.B)
	c.d.out.Polygon([]fpdf.PointType{{X: x, Y: y}, {X: x + half*c.scale, Y: y + high*c.scale}, {X: x - half*c.scale, Y: y + high*c.scale}}, "F")
}

// Lettering is how the words of a picture look.
type Lettering struct {
	Size   float64
	Bold   bool
	Colour Colour
	Ground *Colour // behind the words, so that they stand out from what they cross; may be nil
	// Align is where x is in the words: 0 at their beginning, 1 at their end.
	Align float64
}

// Text writes words at a baseline.
func (c Canvas) Text(x, y float64, words string, l Lettering) {
	f := face{typeface: regular, size: l.Size * c.scale}
	if l.Bold {
		f.typeface = bold
	}
	words = shown(words)
	w := f.width(words)
	x, y = c.x+x*c.scale-l.Align*w, c.y+y*c.scale
	if l.Ground != nil {
		c.d.fill(x-1, y-f.size*0.8, w+2, f.size*1.05, *l.Ground)
	}
	c.d.text(x, y, words, f, l.Colour)
}
