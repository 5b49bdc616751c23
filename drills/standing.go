package drills

import (
	"context"
	"fmt"
)

// standingChecks are made in every drill: a recovery that brings the rows back, and not what keeps
// them, has not restored the service.
func standingChecks(d Drill) []Check {
	return []Check{inventoryIsAsBefore(d.Changes), rowsAreAsBefore(d.Changes), durabilityIsBack(), archiveIsBack()}
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
