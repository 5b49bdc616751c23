package redact

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Lines hides what looks like a secret in lines that come one after the other. Of a private key that takes
// several lines it hides every one.
type Lines struct {
	shown string // the end of what was shown of the line so far, as it came
	held  string // what came after it, and may be a part of what the next piece shows to be a secret
	key   keyBlock
}

// longest is how long a secret can be that lies in two pieces of a line, with its name and to its end, in bytes.
const longest = 1 << 10

// Piece takes the next piece of a line, without its end, and returns what can be shown of the line by now. That
// is looked at again until nothing more is found, so that what was redacted stays as it is when it is redacted
// once more.
func (l *Lines) Piece(text string, ends bool) string {
	before, now, later := l.shown, l.held+text, ""
	if !ends {
		cut := max(0, len(now)-longest)
		for cut > 0 && !utf8.RuneStart(now[cut]) {
			cut--
		}
		now, later = now[:cut], now[cut:]
	}
	whole := before + now + later
	parts := append(guesses(whole), l.key.parts(whole)...)
	l.shown, l.held = "", later
	if !ends {
		l.shown = (before + now)[max(0, len(before+now)-longest):]
	}
	seen, shown := now, hide(now, within(parts, len(before), len(now)))
	for shown != seen {
		seen, shown = shown, hide(shown, within(guesses(before+shown+later), len(before), len(shown)))
	}
	return shown
}

// within are the parts as they lie in so many bytes of the text, from a place on.
func within(parts []span, from, length int) []span {
	for i, p := range parts {
		parts[i] = span{min(max(p.from-from, 0), length), min(max(p.to-from, 0), length)}
	}
	return parts
}

// Guess is for a text that is there as a whole.
func Guess(text string) string {
	var lines Lines
	var b strings.Builder
	for line := range strings.Lines(text) {
		end := len(strings.TrimRight(line, "\r\n"))
		b.WriteString(lines.Piece(line[:end], true))
		b.WriteString(line[end:])
	}
	return b.String()
}

var (
	keyBegins = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)
	keyEnds   = regexp.MustCompile(`-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)
	keyHeader = regexp.MustCompile(`^(?:Proc-Type|DEK-Info|Version|Comment|Hash):`)
	keyBody   = regexp.MustCompile(`^[A-Za-z0-9+/=]+$`)
)

// keyBlock follows a private key in PEM through its lines.
type keyBlock struct {
	within bool
	prefix int // words before its beginning, such as a log's date: its other lines may have as many
}

// parts are what of the line belongs to a key.
func (k *keyBlock) parts(line string) []span {
	if !k.within {
		return k.begin(line, 0)
	}
	if end := keyEnds.FindStringIndex(line); end != nil {
		k.within = false
		return append(k.begin(line, end[1]), span{0, end[1]})
	}
	fields := strings.Fields(line)
	switch {
	case len(fields) == 0:
		return nil
	case keyHeader.MatchString(fields[min(k.prefix, len(fields)-1)]):
		return []span{{0, len(line)}}
	case (len(fields) == 1 || len(fields) == k.prefix+1) && keyBody.MatchString(fields[len(fields)-1]):
		return []span{{0, len(line)}}
	}
	k.within = false // it was cut off: this is something else
	return k.begin(line, 0)
}

// begin looks for a key that begins after the place and does not end in the line.
func (k *keyBlock) begin(line string, after int) []span {
	begins := keyBegins.FindAllStringIndex(line[after:], -1)
	if len(begins) == 0 {
		return nil
	}
	last := after + begins[len(begins)-1][0]
	if keyEnds.MatchString(line[last:]) {
		return nil // a whole key in one line is a look of its own
	}
	k.within, k.prefix = true, len(strings.Fields(line[:last]))
	return []span{{last, len(line)}}
}
