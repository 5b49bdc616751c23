package drills

import (
	"context"
	"errors"
	"fmt"
)

// standingChecks are made in every drill: a recovery that brings the rows back, and not what keeps
// them, has not restored the service.
func standingChecks() []Check {
	return []Check{objectsAreBack(), durabilityIsBack(), archiveIsBack()}
}

func objectsAreBack() Check {
	return Check{
		Name:   "schema, indexes, grants and roles are as before",
		Before: func(ctx context.Context, s Site) (any, error) { return s.Stack.DatabaseObjects(ctx) },
		After: func(ctx context.Context, s Site) (string, error) {
			before, _ := s.Before.([]string)
			after, err := s.Stack.DatabaseObjects(ctx)
			if err != nil {
				return "", err
			}
			return compareObjects(before, after)
		},
	}
}

func compareObjects(before, after []string) (string, error) {
	if len(before) == 0 {
		return "", errors.New("nothing was taken down before the fault")
	}
	if gone := Missing(before, after); len(gone) > 0 {
		return "", Violated("missing: %s", gone[0])
	}
	if fresh := Missing(after, before); len(fresh) > 0 {
		return "", Violated("not there before: %s", fresh[0])
	}
	return fmt.Sprintf("all %d columns, indexes, constraints, grants, extensions and roles are as before", len(before)), nil
}

func durabilityIsBack() Check {
	return Check{
		Name: "the servers are as durable as before",
		After: func(ctx context.Context, s Site) (string, error) {
			settings, err := s.Stack.Durability(ctx)
			if err != nil {
				return "", err
			}
			for _, is := range settings {
				if is.Value != is.Want {
					return "", Violated("%s came back with %s=%s, not %s", is.Store, is.Name, is.Value, is.Want)
				}
			}
			return fmt.Sprintf("all %d settings are as they were", len(settings)), nil
		},
	}
}
