package reports

import "fmt"

// The measures of the steps in a timeline picture.
const (
	barHeight   = 7.0
	besideRoom  = 17.0 // of a step whose words are beside its bar
	aboveRoom   = 29.0 // of a step whose words are above its bar
	aboveOffset = 18.0 // of such a bar
)

// stepBar is a step in a picture: its bar, and its words beside or above it.
type stepBar struct {
	Step
	words     string
	from, to  float64 // of the bar
	top       float64
	wordsFrom float64
	above     bool
}

// stepBars place the steps below each other, from the top on, and say where they end. Words are behind
// their bar, else before it, and above it only where there is no room for either.
func stepBars(steps []Step, x scale, top float64) (bars []stepBar, end float64) {
	for _, s := range steps {
		b := stepBar{Step: s, words: fitted(stepWords(s), x.right-x.left), top: top}
		b.from = x.place(s.AtSeconds)
		b.to = max(x.place(s.AtSeconds+s.Seconds), b.from+2)
		wide := textWidth(b.words)
		switch {
		case b.to+labelGap+wide <= x.right:
			b.wordsFrom = b.to + labelGap
		case b.from-labelGap-wide >= x.left:
			b.wordsFrom = b.from - labelGap - wide
		default:
			b.above, b.wordsFrom = true, max(min(b.from, x.right-wide), x.left)
		}
		bars = append(bars, b)
		if b.above {
			top += aboveRoom
		} else {
			top += besideRoom
		}
	}
	return bars, top
}

// step draws a step.
func (p *drawing) step(b stepBar, w window) {
	class, barTop, baseline := "step", b.top+5, b.top+12
	if failed(b.Step) {
		class = "step failed"
	}
	if b.above {
		barTop, baseline = b.top+aboveOffset, b.top+13
	}
	p.text(b.wordsFrom, baseline, anchorStart, class+"-words", b.words)
	p.rect(b.from, barTop, b.to-b.from, barHeight, class, stepTitle(b.Step, w))
}

func stepWords(s Step) string {
	words := oneLine(s.Name) + "  " + duration(s.Seconds)
	switch {
	case s.TimedOut:
		words += ", timed out"
	case s.ExitCode != 0:
		words += fmt.Sprintf(", exit %d", s.ExitCode)
	}
	return words
}

func stepTitle(s Step, w window) string {
	return fmt.Sprintf("%s: %s at %s", oneLine(s.Script), stepWords(s), offset(s.AtSeconds-w.injected))
}
