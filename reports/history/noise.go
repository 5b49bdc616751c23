package history

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Alpha is what the probability of noise must be below for a difference to count, and Least the
// share by which recovery must have become slower.
const (
	Alpha = 0.05
	Least = 0.20
)

// noise is the probability that two samples of one distribution differ as much as these do, or more,
// in either direction: the Mann-Whitney U test, exact for up to 50 values a side (25 with ties).
func noise(a, b []float64) float64 {
	limits := benchmath.DefaultThresholds
	limits.CompareAlpha = Alpha
	sample := func(values []float64) *benchmath.Sample { return benchmath.NewSample(slices.Clone(values), &limits) }
	return benchmath.AssumeNothing.Compare(sample(a), sample(b)).P
}

// leastNoise is the lowest value that noise can have with so many values on either side: when all of
// one are below all of the other, in one of two directions.
func leastNoise(a, b int) float64 {
	ways := 1.0 // to choose a out of a+b
	for i := 1; i <= a; i++ {
		ways = ways * float64(b+i) / float64(i)
	}
	return math.Min(1, 2/ways)
}

// enough says whether so many repetitions can show anything.
func enough(a, b int) bool { return a > 0 && b > 0 && leastNoise(a, b) < Alpha }

// Needed is how many repetitions it takes to show anything against a baseline of n.
func Needed(n int) int {
	for repeat := 1; ; repeat++ {
		if enough(n, repeat) {
			return repeat
		}
	}
}
