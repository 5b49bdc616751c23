package runbook

import (
	"bytes"
	"fmt"
	"io"
	"time"
)

// logger writes the transcript for people: each line with the instant at which it came. It
// collects what one write of the script makes and passes it on at once.
type logger struct {
	out     io.Writer
	pending bytes.Buffer
	within  bool  // a line has begun and not ended
	err     error // the first that out gave; nothing is written after it
}

// piece adds a piece of a line.
func (l *logger) piece(at time.Duration, p piece) {
	if p.begins {
		l.stamp(at)
	}
	l.pending.WriteString(p.text)
	if p.ends {
		l.pending.WriteByte('\n')
	}
	l.within = !p.ends
}

// line adds a line of the runbook's own.
func (l *logger) line(at time.Duration, text string) {
	if l.within {
		l.pending.WriteByte('\n')
	}
	l.piece(at, piece{text: text, begins: true, ends: true})
}

func (l *logger) stamp(at time.Duration) {
	fmt.Fprintf(&l.pending, "%10.3fs  ", at.Seconds())
}

func (l *logger) flush() {
	if l.err == nil && l.pending.Len() > 0 {
		_, l.err = l.out.Write(l.pending.Bytes())
	}
	l.pending.Reset()
}
