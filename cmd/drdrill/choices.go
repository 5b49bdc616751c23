package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// parseChoices reads key=value pairs of --set; a later one of the same key wins.
func parseChoices(pairs []string) (map[string]string, error) {
	chosen := map[string]string{}
	all := fixtures.Choices()
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" || value == "" {
			return nil, usage("--set %q: want key=value, such as %s", pair, choiceExample)
		}
		values, known := all[key]
		if !known {
			keys := slices.Sorted(maps.Keys(all))
			return nil, usage("--set %q: unknown key %q: did you mean %q? The keys are %s", pair, key, nearest(key, keys), strings.Join(keys, ", "))
		}
		if !slices.Contains(values, value) {
			return nil, usage("--set %q: unknown value %q: did you mean %q? %s can be %s", pair, value, nearest(value, values), key, strings.Join(values, " or "))
		}
		chosen[key] = value
	}
	return chosen, nil
}

// choiceExample is also in the help.
const choiceExample = "worker.settings=defaults"

// choiceLines are the choices as given on the command line, sorted.
func choiceLines(chosen map[string]string) []string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(chosen)) {
		lines = append(lines, key+"="+chosen[key])
	}
	return lines
}
