package runbook

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// excerptSize is how much is kept of the beginning and of the end of a step's output, in bytes.
const excerptSize = 32 << 10

// excerpt keeps the beginning and the end of a text, in bounded memory.
type excerpt struct {
	head, tail []byte
	left       int // bytes between head and tail
}

// add adds text, which is valid UTF-8.
func (e *excerpt) add(text string) {
	if room := excerptSize - len(e.head); room > 0 && len(e.tail) == 0 {
		if len(text) <= room {
			e.head = append(e.head, text...)
			return
		}
		for room > 0 && !utf8.RuneStart(text[room]) {
			room--
		}
		e.head = append(e.head, text[:room]...)
		text = text[room:]
	}
	e.tail = append(e.tail, text...)
	// Moved only when it has grown to twice its size, so that each byte is copied about once.
	if len(e.tail) > 2*excerptSize {
		e.trim()
	}
}

// line adds a line of its own.
func (e *excerpt) line(text string) {
	last := e.head
	if len(e.tail) > 0 {
		last = e.tail
	}
	if len(last) > 0 && last[len(last)-1] != '\n' {
		e.add("\n")
	}
	e.add(text + "\n")
}

// trim shortens the tail to its last excerptSize bytes, in whole runes.
func (e *excerpt) trim() {
	cut := max(0, len(e.tail)-excerptSize)
	for cut > 0 && cut < len(e.tail) && !utf8.RuneStart(e.tail[cut]) {
		cut++
	}
	e.left += cut
	e.tail = append(e.tail[:0], e.tail[cut:]...)
}

// String is what is kept. Where something is left out it says so.
func (e *excerpt) String() string {
	e.trim()
	var b strings.Builder
	b.Write(e.head)
	if e.left > 0 {
		fmt.Fprintf(&b, "\n[runbook] %d bytes left out here; the whole is in the transcript\n", e.left)
	}
	b.Write(e.tail)
	return b.String()
}
