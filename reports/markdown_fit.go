package reports

import (
	"fmt"
	"slices"
	"strings"
)

// markdownLimit is how much of a report a pull request's comment holds, in bytes; GitHub's limit is 65,536
// characters.
const markdownLimit = 65_536

// piece is a part of a document and how much it matters.
type piece struct {
	rank int
	text string
}

// The ranks of pieces: what matters most first.
const (
	essential = iota
	badRows   // of the table
	reasons
	goodRows
	badDrills
	annexes
	goodDrills
)

// fitting joins the pieces in their order. Where they are too long together, those that matter least are
// left out, and the end says how many.
func fitting(pieces []piece, limit int) string {
	const note = "\n*%s did not fit here. report.html and record.json hold everything.*\n"
	room := limit - len(note) - 40 // for the number
	order := make([]int, len(pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return pieces[a].rank - pieces[b].rank })
	kept, left := make([]bool, len(pieces)), 0
	for _, i := range order {
		if kept[i] = len(pieces[i].text) <= room; kept[i] {
			room -= len(pieces[i].text)
		} else {
			left++
		}
	}
	var b strings.Builder
	for i, p := range pieces {
		if kept[i] {
			b.WriteString(p.text)
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, note, plural(left, "part"))
	}
	return b.String()
}
