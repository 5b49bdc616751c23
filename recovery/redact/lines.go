package redact

import (
	"regexp"
	"strings"
)

// Lines hides what looks like a secret in lines that come one after the other. Of a private key that takes
// several lines it hides every one.
type Lines struct {
	before string // the end of the line so far, as it came
	key    keyBlock
}

// remembered is how much of a line that comes in pieces is looked at again with its next piece, in bytes.
const remembered = 1 << 10

// Piece takes the next piece of a line, without its end, and returns what can be shown of it.
func (l *Lines) Piece(text string, ends bool) string {
	whole := l.before + text
	seen := len(l.before)
	parts := append(guesses(whole), l.key.parts(whole)...)
	l.before = ""
	if !ends {
		l.before = whole[max(0, len(whole)-remembered):]
	}
	for i := range parts {
		parts[i] = span{max(parts[i].from-seen, 0), max(parts[i].to-seen, 0)}
	}
	return hide(text, parts)
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
