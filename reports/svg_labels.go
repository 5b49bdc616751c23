package reports

import (
	"cmp"
	"slices"
)

// label is a text that belongs to a place on an axis and is written above it, beside a line that
// leads down to the place. Labels of places close to each other are staggered in lanes, so that no
// text overlaps another and no line crosses a text.
type label struct {
	words string
	class string
	x     float64
	lane  int  // 0 is next to the axis
	left  bool // the text ends at the line rather than beginning there
}

// unplaced is the lane of a label that has none yet.
const unplaced = -1

// labelGap keeps texts and lines apart.
const labelGap = 5.0

// span is where the label's text is.
func (l label) span() (from, to float64) {
	if l.left {
		return l.x - labelGap - textWidth(l.words), l.x
	}
	return l.x, l.x + labelGap + textWidth(l.words)
}

// covers says whether the label's text would lie across a line at the place.
func (l label) covers(x float64) bool {
	from, to := l.span()
	return from < x && x < to
}

// overlaps says whether two labels cannot share a lane.
func (l label) overlaps(other label) bool {
	from, to := l.span()
	otherFrom, otherTo := other.span()
	return from < otherTo+labelGap && otherFrom < to+labelGap
}

// staggered gives every label its side and its lane within a picture of the width, and says how many
// lanes that takes.
func staggered(labels []label, width float64) (placed []label, lanes int) {
	placed = slices.Clone(labels)
	for i := range placed {
		placed[i].lane = unplaced
	}
	slices.SortStableFunc(placed, func(a, b label) int { return cmp.Compare(a.x, b.x) })
	chooseSides(placed, width)
	for _, i := range lowestFirst(placed) {
		placed[i].lane = laneFor(placed, i)
		lanes = max(lanes, placed[i].lane+1)
	}
	return placed, lanes
}

// chooseSides puts texts to the right of their lines, except where the picture ends, and where two
// texts would lie across each other's lines.
func chooseSides(labels []label, width float64) {
	for i := len(labels) - 1; i >= 0; i-- {
		l := &labels[i]
		if _, to := l.span(); to > width {
			l.left = true
		}
		for _, later := range labels[i+1:] {
			if later.left && l.covers(later.x) && later.covers(l.x) {
				l.left = true
			}
		}
		if from, _ := l.span(); l.left && from < 0 {
			l.left = l.x > width/2
		}
	}
}

// lowestFirst orders the labels so that each comes after those that must be below it: the ones
// whose lines its text would cross, were they longer than its own.
func lowestFirst(labels []label) []int {
	order := make([]int, 0, len(labels))
	seen := make([]bool, len(labels))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for j := range labels {
			if below(labels, j, i) {
				visit(j)
			}
		}
		order = append(order, i)
	}
	for i := range labels {
		visit(i)
	}
	return order
}

// below says whether label j has to be in a lower lane than label i.
func below(labels []label, j, i int) bool {
	switch {
	case i == j:
		return false
	case labels[i].x == labels[j].x:
		// Two labels of one place: the earlier is on top, as it would be were they apart.
		return labels[i].left == labels[j].left && (i < j) != labels[i].left
	}
	return labels[i].covers(labels[j].x)
}

// laneFor is the lowest lane in which label i is above all that must be below it, and beside
// nothing that it overlaps. Labels without a lane will look out for this one.
func laneFor(labels []label, i int) int {
	lane := 0
	for j := range labels {
		if below(labels, j, i) {
			lane = max(lane, labels[j].lane+1)
		}
	}
	for taken(labels, i, lane) {
		lane++
	}
	return lane
}

func taken(labels []label, i, lane int) bool {
	for j, l := range labels {
		if j != i && l.lane == lane && l.overlaps(labels[i]) {
			return true
		}
	}
	return false
}
