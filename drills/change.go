package drills

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/cogitator-ai/drdrill/fixtures/inventory"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// Change is a difference that a drill's procedure has to leave: which things of the inventory are other ones afterwards,
// and why that is right. Everything else has to be as it was.
type Change struct {
	Of     string // a regular expression over the whole of a difference in words, as inventory.Difference.Whole has it
	Reason string
}

// unchanged compares two inventories, and leaves out what is declared.
func unchanged(before, after inventory.Inventory, declared []Change) (string, error) {
	if len(before) == 0 {
		return "", errors.New("nothing was taken down before the fault")
	}
	left := undeclared(inventory.Compare(before, after), declared)
	if len(left) > 0 {
		return "", left
	}
	return fmt.Sprintf("all %d things are as before, but for what the procedure has to change", len(before)), nil
}

// undeclared are the differences, in words, that no change explains.
func undeclared(differences []inventory.Difference, declared []Change) (left Differences) {
	var right []*regexp.Regexp
	for _, c := range declared {
		right = append(right, regexp.MustCompile("^(?:"+c.Of+")$"))
	}
	for _, d := range differences {
		whole := d.Whole()
		if !slices.ContainsFunc(right, func(of *regexp.Regexp) bool { return of.MatchString(whole) }) {
			left = append(left, d.String())
		}
	}
	return alike(left)
}

// ofMany are differences of rows and keys, of which there can be thousands that differ in nothing but their numbers.
var ofMany, numbers = regexp.MustCompile(`^row |: key `), regexp.MustCompile(`[0-9]+`)

// alike has the first of those that are alike speak for all, which it counts.
func alike(all Differences) (left Differences) {
	count := map[string]int{}
	kind := func(difference string) string { return numbers.ReplaceAllString(difference, "#") }
	for _, difference := range all {
		count[kind(difference)]++
	}
	for _, difference := range all {
		switch n := count[kind(difference)]; {
		case n == 1 || !ofMany.MatchString(difference):
			left = append(left, difference)
		case n > 1:
			left = append(left, fmt.Sprintf("%s (and %d more like it)", difference, n-1))
			count[kind(difference)] = 0
		}
	}
	return left
}

const inventoryCheck = "objects, settings, roles, keys, containers and files are as before"

// inventoryIsAsBefore compares everything that the stack is made of beside its data.
func inventoryIsAsBefore(declared []Change) Check {
	return Check{
		Name:   inventoryCheck,
		Before: func(ctx context.Context, s Site) (any, error) { return s.Stack.Inventory(ctx) },
		After: func(ctx context.Context, s Site) (string, error) {
			before, _ := s.Before.(inventory.Inventory)
			after, err := s.Stack.Inventory(ctx)
			if err != nil {
				return "", err
			}
			return unchanged(before, after, declared)
		},
	}
}

// rowsAreAsBefore compares every column of every row that was there before the fault, and looks for rows in tables that
// nobody writes to. What the workload wrote and is missing is counted elsewhere, against the ledger.
func rowsAreAsBefore(declared []Change) Check {
	return Check{
		Name:   "every row from before the fault is as it was, in all of its columns",
		Before: func(ctx context.Context, s Site) (any, error) { return s.Stack.Rows(ctx) },
		After: func(ctx context.Context, s Site) (string, error) {
			before, _ := s.Before.(inventory.Rows)
			if len(before) == 0 {
				return "", errors.New("no rows were taken down before the fault")
			}
			after, err := s.Stack.Rows(ctx)
			if err != nil {
				return "", err
			}
			left := undeclared(inventory.CompareRows(before, after, s.Stack.Grows, workload.Writes), declared)
			if len(left) > 0 {
				return "", left
			}
			return fmt.Sprintf("all %d rows that were there are as they were, and nobody wrote where nobody should", len(before)), nil
		},
	}
}
