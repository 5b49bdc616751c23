package history

import (
	"fmt"

	"github.com/cogitator-ai/drdrill/reports"
)

// fewWords say that there were too few repetitions to tell anything.
func fewWords(base string, was, is int) string {
	words := fmt.Sprintf("whether recovery became slower is not known: it was measured %s in run %s and %s in this one, which can show nothing",
		times(was), base, times(is))
	if was > 0 {
		words += fmt.Sprintf("; against such a baseline give --repeat %d", Needed(was))
	}
	return words
}

func times(n int) string { return quantity(n, "time", "times") }

// outcomeWords say what came out of a comparison.
func outcomeWords(r reports.Regression, growth float64) string {
	was, is := *median(r.BaselineSeconds), *median(r.Seconds)
	words := fmt.Sprintf("recovery took %s in the median of %d, and %s in that of %d in run %s (%+.0f %%, p = %.2g)",
		secondsWords(is), len(r.Seconds), secondsWords(was), len(r.BaselineSeconds), r.Baseline, growth*100, *r.P)
	switch {
	case r.Verdict == reports.Missed && r.Slowest != nil:
		return fmt.Sprintf("%s; most of it is in “%s”: %s, and %s before", words, r.Slowest.Phase,
			secondsWords(r.Slowest.Seconds), secondsWords(r.Slowest.BaselineSeconds))
	case r.Verdict == reports.Missed:
		return words
	case growth < Least:
		return fmt.Sprintf("%s: not slower by %.0f %%", words, Least*100)
	default:
		return words + ": not beyond the noise"
	}
}

// secondsWords are a measured time in words.
func secondsWords(s float64) string {
	if s < 1 {
		return fmt.Sprintf("%.0f ms", s*1000)
	}
	return fmt.Sprintf("%.2f s", s)
}
