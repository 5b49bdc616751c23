package runbook

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPiece is the most that is kept of a line before it is passed on in pieces, in bytes.
const maxPiece = 16 << 10

// piece is a line, or a part of one that is too long to be kept whole. It is valid UTF-8, and
// holds no control character but the tab.
type piece struct {
	text         string
	begins, ends bool // of its line
}

// splitter makes lines of a stream that comes in arbitrary pieces, in bounded memory. A line
// ends with LF, CR LF or CR: a progress bar is many lines.
type splitter struct {
	take    func(piece)
	partial []byte // the line so far, or the part of it that was not passed on
	within  bool   // a part of the line was passed on
	cr      bool   // the last byte was CR: an LF after it ends no line
}

func (s *splitter) write(p []byte) {
	for len(p) > 0 {
		if s.cr && p[0] == '\n' {
			p = p[1:]
		}
		s.cr = false
		end := bytes.IndexAny(p, "\r\n")
		if end < 0 {
			s.keep(p)
			return
		}
		s.keep(p[:end])
		s.pass(len(s.partial), true)
		s.cr = p[end] == '\r'
		p = p[end+1:]
	}
}

// flush passes on a last line that has no end.
func (s *splitter) flush() {
	if len(s.partial) > 0 || s.within {
		s.pass(len(s.partial), true)
	}
}

// keep adds to the line and passes on what is too much.
func (s *splitter) keep(p []byte) {
	for len(p) > 0 {
		n := min(len(p), maxPiece-len(s.partial))
		s.partial = append(s.partial, p[:n]...)
		p = p[n:]
		if len(s.partial) == maxPiece {
			s.pass(wholeRunes(s.partial), false)
		}
	}
}

// pass passes on the first n bytes of the line.
func (s *splitter) pass(n int, ends bool) {
	s.take(piece{text: clean(s.partial[:n]), begins: !s.within, ends: ends})
	s.partial = append(s.partial[:0], s.partial[n:]...)
	s.within = !ends
}

// wholeRunes is the length of text without a rune at its end that may go on after it.
func wholeRunes(text []byte) int {
	for i := len(text) - 1; i >= 0 && i > len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				break
			}
			return i
		}
	}
	return len(text)
}

// clean replaces what is not text: invalid UTF-8 and control characters, which would break
// terminals and XML.
func clean(text []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, string(text))
}
