package pdf

// Colour is red, green and blue, from 0 to 255.
type Colour struct{ R, G, B int }

// Hex is a colour as style sheets write it: 0x3f7fbf.
func Hex(rgb int) Colour { return Colour{rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff} }

// The colours of text and of what is around it.
var (
	ink   = Hex(0x17202b)
	soft  = Hex(0x56616f)
	line  = Hex(0xc9ced4)
	faint = Hex(0xf4f5f7)
)

// Tone is what a part means, shown by its colour beside its words.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Good
	Bad
	Open // neither: unproven, unknown
	Soft // less important
)

// ink is the colour of words in the tone.
func (t Tone) ink() Colour {
	switch t {
	case Good:
		return Hex(0x0b5a32)
	case Bad:
		return Hex(0x9a1a13)
	case Open:
		return Hex(0x6d4500)
	case Soft:
		return soft
	default:
		return ink
	}
}

// wash is the ground of a part in the tone.
func (t Tone) wash() Colour {
	switch t {
	case Good:
		return Hex(0xe3f4ea)
	case Bad:
		return Hex(0xfce8e6)
	case Open:
		return Hex(0xfdf1d8)
	default:
		return faint
	}
}
