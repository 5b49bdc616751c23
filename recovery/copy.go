package recovery

import "time"

// Copy is what a copy holds of the writes of some classes. It was begun and completed at known instants, while clients
// wrote on, and stands for a single moment between them.
type Copy struct {
	Held int // writes
	Lost int // acknowledged before it was begun, or before another one was issued that is in it; and not in it
	Late int // issued after it was complete, and in it
}

// CheckCopy compares what a copy holds with what was attempted of its classes.
func (l *Ledger) CheckCopy(rows map[Class][]Row, begun, complete time.Duration) (c Copy) {
	held := map[Class]map[int]bool{}
	moment := begun
	for class, found := range rows {
		held[class] = map[int]bool{}
		for _, row := range found {
			e, attempted := l.Entry(class, row.Seq)
			if !attempted {
				continue // Check tells of those
			}
			held[class][row.Seq] = true
			moment = max(moment, e.Issued)
			if e.Issued > complete {
				c.Late++
			}
		}
		c.Held += len(held[class])
	}
	for class, there := range held {
		l.Each(class, func(seq int, e Entry) bool {
			if e.Outcome == Acknowledged && e.Settled < moment && !there[seq] {
				c.Lost++
			}
			return true
		})
	}
	return c
}
