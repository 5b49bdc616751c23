package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Redaction stands where a secret was.
const Redaction = "[redacted]"

// shortestLine is the length from which a single line of a secret of several lines is a secret too:
// shorter ones, such as a lone bracket, say nothing and are everywhere.
const shortestLine = 6

// Stream replaces secrets that are known in a stream, also those that straddle two writes. It holds back the
// end of what was written only as long as it may be the beginning of a secret.
type Stream struct {
	secrets [][]byte
	held    []byte // was written and not passed on
	hidden  int    // so many bytes of held are of a secret that began before them
	open    bool   // what was passed on last was a redaction, which goes on with hidden bytes
}

// NewStream is for the secrets, in the forms in which they may be printed.
func NewStream(secrets []string) *Stream {
	r := &Stream{}
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			r.secrets = append(r.secrets, []byte(form))
		}
	}
	return r
}

// shortestEncoded is the length from which a secret is also looked for in other encodings: a shorter one
// would be found where it is not.
const shortestEncoded = 8

// forms are the texts by which a secret may be printed: as it is, line by line, as a part of a URL, in
// a JSON string, in base64.
func forms(secret string) []string {
	var forms []string
	lines := linesOf(secret)
	for _, line := range lines {
		if len(lines) > 1 && len(line) < shortestLine {
			continue
		}
		forms = append(forms, line, url.QueryEscape(line), url.PathEscape(line), url.UserPassword("", line).String()[1:], quoted(line, false), quoted(line, true))
		if len(line) >= shortestEncoded {
			forms = append(forms, base64.RawStdEncoding.EncodeToString([]byte(line)), base64.RawURLEncoding.EncodeToString([]byte(line)))
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// linesOf are the lines of a secret that hold something, without the spaces around them.
func linesOf(secret string) (lines []string) {
	for line := range strings.FieldsFuncSeq(secret, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// quoted is the text as it is within a JSON string, with or without the escapes for HTML.
func quoted(text string, html bool) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(html)
	if err := enc.Encode(text); err != nil || !utf8.ValidString(text) {
		return text
	}
	return strings.TrimSuffix(b.String()[1:], "\"\n")
}

// Write takes a piece of the stream and returns what can be passed on. The result is valid until the next call.
func (r *Stream) Write(p []byte) []byte {
	if len(r.secrets) == 0 {
		return p
	}
	r.held = append(r.held, p...)
	return r.pass(r.undecided())
}

// Flush ends the stream: what was held back was no secret.
func (r *Stream) Flush() []byte { return r.pass(len(r.held)) }

// undecided is where the longest end of the held bytes begins that may be the beginning of a secret.
func (r *Stream) undecided() int {
	from := len(r.held)
	for _, secret := range r.secrets {
		for n := min(len(secret)-1, len(r.held)); n > len(r.held)-from; n-- {
			if bytes.HasSuffix(r.held, secret[:n]) {
				from = len(r.held) - n
				break
			}
		}
	}
	return from
}

// pass returns the first n held bytes, redacted.
func (r *Stream) pass(n int) []byte {
	covered := r.covered()
	out := make([]byte, 0, n)
	for i, b := range r.held[:n] {
		if !covered[i] {
			out = append(out, b)
		} else if !r.open {
			out = append(out, Redaction...)
		}
		r.open = covered[i]
	}
	r.hidden = 0
	for n+r.hidden < len(covered) && covered[n+r.hidden] {
		r.hidden++
	}
	r.held = append(r.held[:0], r.held[n:]...)
	return out
}

// covered tells which held bytes are part of a secret. Secrets may overlap: all of them are covered.
func (r *Stream) covered() []bool {
	covered := make([]bool, len(r.held))
	cover := func(from, to int) {
		for i := from; i < to; i++ {
			covered[i] = true
		}
	}
	cover(0, r.hidden)
	for _, secret := range r.secrets {
		for from := 0; ; {
			at := bytes.Index(r.held[from:], secret)
			if at < 0 {
				break
			}
			cover(from+at, from+at+len(secret))
			from += at + 1
		}
	}
	return covered
}

// Text is for a text that is there as a whole: what is known is replaced, and what looks like a secret.
func (r *Stream) Text(text string) string {
	whole := &Stream{secrets: r.secrets, held: []byte(text)}
	return Guess(string(whole.Flush()))
}

// Error hides secrets in what an error says; errors.Is and errors.As see it as it was.
func (r *Stream) Error(err error) error {
	text := r.Text(err.Error())
	if text == err.Error() {
		return err
	}
	return &redactedError{text, err}
}

type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.err }
