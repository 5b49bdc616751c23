package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/cogitator-ai/drdrill/drills"
)

// pick selects the drills of the catalogue that are named and carry every label. No names are all
// names. Named drills come in the order given, each once.
func pick(catalogue []drills.Drill, names, labels []string) ([]drills.Drill, error) {
	if err := checkLabels(catalogue, labels); err != nil {
		return nil, err
	}
	named, err := byName(catalogue, names)
	if err != nil {
		return nil, err
	}
	picked := slices.DeleteFunc(named, func(d drills.Drill) bool { return !carries(d, labels) })
	if len(picked) == 0 {
		return nil, usage("no drill%s carries %s; drdrill list shows the labels",
			among(names), strings.Join(labels, " and "))
	}
	return picked, nil
}

func among(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " among " + strings.Join(names, ", ")
}

func byName(catalogue []drills.Drill, names []string) ([]drills.Drill, error) {
	if len(names) == 0 {
		return slices.Clone(catalogue), nil
	}
	var named []drills.Drill
	seen := map[string]bool{}
	for _, name := range names {
		d, err := find(catalogue, name)
		if err != nil {
			return nil, err
		}
		if !seen[name] {
			named = append(named, d)
		}
		seen[name] = true
	}
	return named, nil
}

// find is the drill of that name; a UsageError with the nearest name where there is none.
func find(catalogue []drills.Drill, name string) (drills.Drill, error) {
	var known []string
	for _, d := range catalogue {
		if d.Name == name {
			return d, nil
		}
		known = append(known, d.Name)
	}
	return drills.Drill{}, usage("unknown drill %q: did you mean %q? drdrill list shows them all", name, nearest(name, known))
}

func checkLabels(catalogue []drills.Drill, labels []string) error {
	known := labelsOf(catalogue)
	for _, label := range labels {
		if !slices.Contains(known, label) {
			return usage("unknown label %q: did you mean %q? The labels are %s",
				label, nearest(label, known), strings.Join(known, ", "))
		}
	}
	return nil
}

// labelsOf are the labels that the drills carry, sorted.
func labelsOf(catalogue []drills.Drill) []string {
	var labels []string
	for _, d := range catalogue {
		labels = append(labels, d.Labels...)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

func carries(d drills.Drill, labels []string) bool {
	for _, label := range labels {
		if !slices.Contains(d.Labels, label) {
			return false
		}
	}
	return true
}

// nearest is the known word with the fewest edits to the given one, the first of equals.
func nearest(word string, known []string) string {
	best, fewest := "", -1
	for _, k := range known {
		if n := levenshtein.ComputeDistance(word, k); fewest < 0 || n < fewest {
			best, fewest = k, n
		}
	}
	return best
}

// quantity is a number and its noun: 1 drill, 2 drills.
func quantity(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
