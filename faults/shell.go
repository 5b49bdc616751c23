package faults

import (
	"context"
	"fmt"
	"strings"
)

// operator is the machine that the scripts under test run on.
const operator = "operator"

// Shell runs scripts where a service runs.
type Shell interface {
	// RunOn runs a shell script in a service's container and returns what it printed. On the operator's
	// machine it has the environment that recovery scripts have. An exit code other than 0 is an error.
	RunOn(ctx context.Context, service, script string) (output string, err error)
}

// breakOn breaks something by a script, which prints what it hit; nothing means that it hit nothing.
func breakOn(ctx context.Context, s Shell, service, script string) (string, error) {
	hit, err := s.RunOn(ctx, service, script)
	if err != nil {
		return "", err
	}
	hit = strings.TrimSpace(hit)
	if hit == "" {
		return "", fmt.Errorf("%w on %s", ErrNothingHit, service)
	}
	return hit, nil
}
