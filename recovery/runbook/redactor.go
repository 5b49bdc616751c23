package runbook

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
)

// redaction stands where a secret was.
const redaction = "[redacted]"

// shortestLine is the length from which a single line of a secret of several lines is a secret too:
// shorter ones, such as a lone bracket, say nothing and are everywhere.
const shortestLine = 6

// redactor replaces secrets in a stream, also those that straddle two writes. It holds back the
// end of what was written only as long as it may be the beginning of a secret.
type redactor struct {
	secrets [][]byte
	held    []byte // was written and not passed on
	hidden  int    // so many bytes of held are of a secret that began before them
	open    bool   // what was passed on last was a redaction, which goes on with hidden bytes
}

func newRedactor(secrets []string) *redactor {
	r := &redactor{}
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			r.secrets = append(r.secrets, []byte(form))
		}
	}
	return r
}

// forms are the texts by which a secret may be printed: as it is, line by line, and as a part of a URL.
func forms(secret string) []string {
	var forms []string
	lines := strings.FieldsFunc(secret, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || len(lines) > 1 && len(line) < shortestLine {
			continue
		}
		forms = append(forms, line, url.QueryEscape(line), url.PathEscape(line), url.UserPassword("", line).String()[1:])
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// write takes a piece of the stream and returns what can be passed on. The result is valid until the next call.
func (r *redactor) write(p []byte) []byte {
	if len(r.secrets) == 0 {
		return p
	}
	r.held = append(r.held, p...)
	return r.pass(r.undecided())
}

// flush ends the stream: what was held back was no secret.
func (r *redactor) flush() []byte { return r.pass(len(r.held)) }

// undecided is where the longest end of the held bytes begins that may be the beginning of a secret.
func (r *redactor) undecided() int {
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
func (r *redactor) pass(n int) []byte {
	covered := r.covered()
	out := make([]byte, 0, n)
	for i, b := range r.held[:n] {
		if !covered[i] {
			out = append(out, b)
		} else if !r.open {
			out = append(out, redaction...)
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
func (r *redactor) covered() []bool {
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

// redact is for a text that is there as a whole.
func (r *redactor) redact(text string) string {
	whole := &redactor{secrets: r.secrets}
	whole.held = []byte(text)
	return string(whole.flush())
}

// redactError hides secrets in what an error says; errors.Is and errors.As see it as it was.
func (r *redactor) redactError(err error) error {
	text := r.redact(err.Error())
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
