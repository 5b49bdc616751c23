package reports

import (
	"fmt"
	"math"
)

// rateHeight is that of the success rate below a timeline, its words included.
const rateHeight = 58.0

// successRate draws for each second of the window which part of the workload's writes was acknowledged, on
// the timeline's own axis. A second in which nothing was written stays empty.
func (p *drawing) successRate(seconds []Second, w window, x scale, top float64) {
	const words = 16.0
	bars, per := binned(seconds, int((x.right-x.left)/2))
	base := top + rateHeight - 4
	y := linear(0, 1, base, top+words)
	p.text(x.left, top+11, anchorStart, "tick", rateCaption(per))
	p.line(x.left, y.place(1), x.right, y.place(1), "grid")
	p.line(x.left, base, x.right, base, "axis")
	for _, s := range bars {
		from, to := max(float64(s.AtSecond), w.from), min(float64(s.AtSecond+per), w.to)
		all := s.Acknowledged + s.Refused + s.Unknown
		if from >= to || all <= 0 || s.Acknowledged < 0 || s.Refused < 0 || s.Unknown < 0 {
			continue
		}
		p.rate(s, float64(all), x.place(from), x.place(to), y)
	}
}

// rate draws one bar, whole: what was acknowledged at the bottom, then what is unknown, then what was refused.
func (p *drawing) rate(s Second, all, from, to float64, y scale) {
	width := to - from
	if width > 3 {
		width--
	}
	title := fmt.Sprintf("%.0f %% of %s", math.Floor(100*float64(s.Acknowledged)/all), plural(int(all), "write"))
	share := 0.0
	for _, part := range []struct {
		class string
		n     int
	}{{"acknowledged", s.Acknowledged}, {"unknown", s.Unknown}, {"refused", s.Refused}} {
		if part.n == 0 {
			continue
		}
		next := share + float64(part.n)/all
		p.rect(from, y.place(next), width, y.place(share)-y.place(next), part.class, title)
		share = next
	}
}

func rateCaption(per int) string {
	if per == 1 {
		return "writes that succeeded, second by second, of 100 %"
	}
	return fmt.Sprintf("writes that succeeded, every %s, of 100 %%", duration(float64(per)))
}
