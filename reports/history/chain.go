package history

import (
	"bytes"
	"fmt"
)

// Chain is a history as it was read.
type Chain struct {
	Entries []Entry  // those that are as they were written, in the file's order
	Damage  []Damage // what is not; empty for an unbroken chain
	// Head is the SHA-256 of the last line; empty when there is none.
	Head string
	// Next is the number of the next entry.
	Next int
	// cut says that the last line has no end.
	cut bool
}

// Damage is a place where the chain is not as it was written.
type Damage struct {
	Line int    `json:"line"` // of the file, from 1
	What string `json:"what"` // a sentence that names the entry
}

func (d Damage) String() string { return fmt.Sprintf("line %d: %s", d.Line, d.What) }

// Parse reads a history and finds whatever in it is not as it was written. A damaged line never
// keeps the others from being read.
func Parse(data []byte) Chain {
	w := walker{}
	for len(data) > 0 {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		w.line(line, ended)
		data = rest
	}
	w.Next = w.number + 1
	return w.Chain
}

// walker holds each line against the one before it.
type walker struct {
	Chain
	lines  int
	number int  // of the entry in the line before, or as it should have been
	broken bool // the line before was damaged, and told of
}

func (w *walker) line(line []byte, ended bool) {
	w.lines++
	w.cut = !ended
	e, err := decode(line)
	switch {
	case !ended:
		w.number++
		w.damage("entry %d is cut off before its end, as by a loss of power while it was written. The run's own record is whole in its folder; "+
			"the next run is appended after this line, which stays as it is", w.number)
		w.broken = true
	case err != nil:
		w.number++
		w.damage("entry %d: %s", w.number, err)
		w.broken = true
	default:
		w.entry(e)
		w.broken = false
	}
	w.Head = digest(line)
}

// entry takes an entry that is whole in itself, and asks whether it stands where it was written.
func (w *walker) entry(e Entry) {
	expected := w.number + 1
	switch {
	case e.Number > expected+1:
		w.damage("entries %d to %d are not before entry %d, where they were written: they were deleted or moved", expected, e.Number-1, e.Number)
	case e.Number > expected:
		w.damage("entry %d is not before entry %d, where it was written: it was deleted or moved", expected, e.Number)
	case e.Number < expected:
		w.damage("entry %d stands after entry %d: it was moved or written twice", e.Number, w.number)
	case e.Previous == w.Head:
		w.pinned(e)
	case w.number == 0:
		w.damage("entry %d says that an entry was before it: the history began earlier", e.Number)
	case !w.broken:
		w.damage("entry %d was not written after what stands before it: entry %d was replaced", e.Number, w.number)
	}
	w.number = e.Number
	w.Entries = append(w.Entries, e)
}

// pinned tells of a damaged line before the entry that it is as it was when the entry was written.
func (w *walker) pinned(e Entry) {
	if w.broken {
		w.Damage[len(w.Damage)-1].What += fmt.Sprintf(" (it was so already when entry %d was written)", e.Number)
	}
}

func (w *walker) damage(format string, args ...any) {
	w.Damage = append(w.Damage, Damage{Line: w.lines, What: fmt.Sprintf(format, args...)})
}
