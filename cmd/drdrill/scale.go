package main

import (
	"fmt"
	"strings"

	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

// parseScale finds the scale that --scale names.
func parseScale(name string) (archive.Scale, error) {
	scale, ok := archive.ByName(name)
	if !ok {
		names := archive.Names()
		return scale, usage("--scale %q: did you mean %q? The scales are %s", name, nearest(name, names), strings.Join(names, ", "))
	}
	return scale, nil
}

// scaleWords are the scales with their rows: small (10 thousand), medium (1 million), … rows.
func scaleWords() string {
	var all []string
	for _, s := range archive.Scales() {
		all = append(all, fmt.Sprintf("%s (%s)", s.Name, amount(s.Rows)))
	}
	return strings.Join(all, ", ") + " rows"
}

// scaleLine is a scale as a plan states it.
func scaleLine(s archive.Scale) string {
	return fmt.Sprintf("%s: %s rows in PostgreSQL (%s of them vectors), %s keys in Redis, where a drill is about that store",
		s.Name, amount(s.Rows), amount(s.Vectors), amount(s.Keys))
}
