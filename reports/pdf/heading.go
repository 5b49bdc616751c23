package pdf

// heading is a heading that waits for what follows it.
type heading struct {
	Heading
	kicker, lead []string // wrapped
	lines        []string
}

// Heading is the title of a part of the document.
type Heading struct {
	Level  int    // 1 is the greatest, 3 the smallest
	Words  string // in the outline as well
	Badge  Badge  // beside the words; empty for none
	Kicker string // a line above
	Lead   string // a paragraph below
	Name   string // to which references lead; may be empty
}

// The looks of headings by level, and the room above them.
var (
	headings   = []face{{bold, 17, 21}, {bold, 14, 18}, {bold, 10.5, 14}}
	aboves     = []float64{14, 14, 8}
	belows     = []float64{8, 6, 5}
	lowestRule = 2 // from this level on a heading is underlined
)

// Heading begins a part of the document.
func (d *Document) Heading(h Heading) {
	h.Level = min(max(h.Level, 1), len(headings))
	badge := 0.0
	if h.Badge.Words != "" {
		badge = smallBold.width(shown(h.Badge.Words)) + 22
	}
	w := heading{Heading: h, lines: wrap(h.Words, headings[h.Level-1], Width-badge)}
	if h.Kicker != "" {
		w.kicker = wrap(h.Kicker, small, Width)
	}
	if h.Lead != "" {
		w.lead = wrap(h.Lead, body, Width)
	}
	d.waiting = append(d.waiting, w)
}

// height is the heading's with the room around it, in points.
func (h heading) height() float64 {
	i := h.Level - 1
	return aboves[i] + belows[i] + float64(len(h.kicker))*small.leading +
		float64(len(h.lines))*headings[i].leading + float64(len(h.lead))*body.leading
}

func (d *Document) drawHeading(h heading) {
	i := h.Level - 1
	if d.y > top {
		d.y += aboves[i]
	}
	d.lines(left, h.kicker, small, soft)
	d.out.SetFont(bold.name, "", small.size) // the outline's text is encoded as that of the current font
	d.depth = min(i, d.depth+1)              // a level that was left out would break the outline
	d.out.Bookmark(shown(h.Words), d.depth, d.y)
	if h.Name != "" {
		d.arrive(h.Name)
	}
	f := headings[i]
	end := left + f.width(h.lines[len(h.lines)-1])
	d.lines(left, h.lines, f, ink)
	if h.Badge.Words != "" {
		d.badge(end+8, d.y-f.leading+f.baseline(), h.Badge, false)
	}
	if i >= lowestRule {
		d.rule(left, d.y+2, right, d.y+2, line, 0.5)
	}
	d.lines(left, h.lead, body, soft)
	d.y += belows[i]
}

// arrive makes this place the end of references to the name.
func (d *Document) arrive(name string) {
	link := d.out.AddLink()
	if t, used := d.targets[name]; used {
		link = t.link
	}
	d.out.SetLink(link, d.y, d.out.PageNo())
	d.targets[name] = target{page: d.out.PageNo(), link: link}
}

// linkTo is the link that leads to a name, which may come later in the document.
func (d *Document) linkTo(name string) int {
	t, used := d.targets[name]
	if !used {
		t = target{link: d.out.AddLink()}
		d.targets[name] = t
	}
	return t.link
}

// Page is the page to which a name leads; 0 while it is not known yet, or where nothing has the name.
func (d *Document) Page(name string) int {
	if d.earlier == nil {
		return 0
	}
	return d.earlier.targets[name].page
}
