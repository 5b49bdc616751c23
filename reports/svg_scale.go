package reports

import "math"

// scale maps values to places in a picture. What lies outside its domain, or is no number, is put on
// its border: a place is always within the picture.
type scale struct {
	from, to    float64 // the domain
	left, right float64 // the places of its ends
	log         bool
}

// linear is a scale with even distances. A domain without extent gets one of a second.
func linear(from, to, left, right float64) scale {
	from, to = bounded(from), bounded(to)
	if to <= from {
		to = from + max(1, math.Abs(from)*1e-6)
	}
	return scale{from: from, to: to, left: left, right: right}
}

// logarithmic is a scale with even ratios, for values that differ by orders of magnitude. Its domain
// begins above zero; smaller values are put on its left border.
func logarithmic(from, to, left, right float64) scale {
	const smallest = 1e-6
	from, to = max(bounded(from), smallest), bounded(to)
	if to <= from {
		to = from * 10
	}
	return scale{from: from, to: to, left: left, right: right, log: true}
}

// place is where a value is drawn.
func (s scale) place(v float64) float64 {
	if math.IsNaN(v) {
		return s.left
	}
	v = min(max(v, s.from), s.to)
	share := (v - s.from) / (s.to - s.from)
	if s.log {
		share = math.Log(v/s.from) / math.Log(s.to/s.from)
	}
	return s.left + min(max(share, 0), 1)*(s.right-s.left)
}

// bounded keeps the end of a domain where sums and differences of seconds are still exact enough to
// draw: within some thirty thousand years. What is no number is 0.
func bounded(v float64) float64 {
	const most = 1e12
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, -most), most)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// roundSteps are the distances between ticks that people read easily, in seconds; beyond them
// the distance is a power of ten.
var roundSteps = []float64{
	1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, .001, .002, .005, .01, .02, .05, .1, .2, .5,
	1, 2, 5, 10, 20, 30, minute, 2 * minute, 5 * minute, 10 * minute, 20 * minute, 30 * minute,
	hour, 2 * hour, 6 * hour, 12 * hour, day,
}

// ticks are at most n round values within a linear scale, counted from the origin.
func (s scale) ticks(origin float64, n int) []float64 {
	span := s.to - s.from
	if n < 1 {
		return nil
	}
	step := roundStep(span, n)
	first := math.Ceil((s.from - origin) / step)
	var values []float64
	for i := 0; i <= n; i++ {
		v := origin + (first+float64(i))*step
		if !(v <= s.to) { // not a number included
			break
		}
		values = append(values, v)
	}
	return values
}

// roundStep is the smallest round distance that puts at most n ticks into a span.
func roundStep(span float64, n int) float64 {
	for _, step := range roundSteps {
		if span/step <= float64(n) {
			return step
		}
	}
	return math.Pow(10, math.Ceil(math.Log10(span/float64(n))))
}

// magnitudes are the ticks of a logarithmic axis of time.
var magnitudes = []float64{
	1e-6, 1e-5, 1e-4, .001, .01, .1, 1, 10, minute, 10 * minute, hour, 10 * hour, 10 * day, 100 * day, 1000 * day,
}

// magnitudesAround are the ticks from the last at or below the least value to the first at or above the greatest.
func magnitudesAround(least, greatest float64) []float64 {
	first, last := 0, len(magnitudes)-1
	for i, m := range magnitudes {
		if m <= least {
			first = i
		}
	}
	for i := len(magnitudes) - 1; i > first; i-- {
		if magnitudes[i] >= greatest {
			last = i
		}
	}
	return magnitudes[first : last+1]
}
