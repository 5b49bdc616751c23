package pdf

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface is an embedded font.
type typeface struct {
	name string
	data []byte
	font *sfnt.Font

	mu       sync.Mutex // of what follows
	buffer   sfnt.Buffer
	advances map[rune]float64 // as a share of the size; negative for characters that it lacks
}

// The fonts: Liberation, which covers Latin, Greek, Cyrillic and Hebrew.
var (
	regular = newTypeface("sans", liberationsansregular.TTF)
	bold    = newTypeface("sans-bold", liberationsansbold.TTF)
	mono    = newTypeface("mono", liberationmonoregular.TTF)
	faces   = []*typeface{regular, bold, mono}
)

// newTypeface reads an embedded font; one that cannot be read is a mistake of the build.
func newTypeface(name string, data []byte) *typeface {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("font %s: %v", name, err))
	}
	return &typeface{name: name, data: data, font: f, advances: map[rune]float64{}}
}

// advance is how wide a character is, as a share of the font's size; negative where the font lacks it.
func (t *typeface) advance(r rune) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a, known := t.advances[r]; known {
		return a
	}
	a := -1.0
	if index, err := t.font.GlyphIndex(&t.buffer, r); err == nil && index != 0 {
		const size = 1000
		if units, err := t.font.GlyphAdvance(&t.buffer, index, fixed.I(size), font.HintingNone); err == nil {
			a = float64(units) / 64 / size
		}
	}
	t.advances[r] = a
	return a
}

// face is a font in a size, in points.
type face struct {
	*typeface
	size    float64
	leading float64 // from one line to the next
}

// The faces of the document's parts.
var (
	body      = face{regular, 9.5, 13.5}
	strong    = face{bold, 9.5, 13.5}
	small     = face{regular, 8, 11}
	smallBold = face{bold, 8, 11}
	code      = face{mono, 7.5, 10}
	large     = face{bold, 12, 15}
)

// width is how wide a text is, in points.
func (f face) width(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += max(f.advance(r), 0)
	}
	return w * f.size
}

// shown is a text with only what the fonts can show. Other characters stand as their number: nothing
// that a script printed disappears.
func shown(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r == '\t':
			b.WriteString("    ")
		case r == '\u00a0' || r == '\u202f':
			b.WriteRune('\u00a0')
		case unicode.IsControl(r) || regular.advance(r) < 0 || bold.advance(r) < 0 || mono.advance(r) < 0:
			fmt.Fprintf(&b, "<%U>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
