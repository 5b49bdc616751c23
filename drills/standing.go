package drills

import (
	"context"
	"fmt"
)

// standingChecks are made in every drill: a recovery that brings the rows back, and not what keeps
// them, has not restored the service.
func standingChecks() []Check {
	return []Check{objectsAreBack(), durabilityIsBack(), archiveIsBack()}
}

func objectsAreBack() Check {
	return Unchanged{
		Name: "schema, indexes, grants and roles are as before",
		What: "columns, indexes, constraints, grants, extensions and roles",
		List: func(ctx context.Context, s Site) ([]string, error) { return s.Stack.DatabaseObjects(ctx) },
	}.Check()
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
