package faults

import (
	"context"
	"fmt"
)

// OperatorError is two statements typed at the wrong database: one empties a table, one drops another.
type OperatorError struct{}

// Describe implements Fault.
func (OperatorError) Describe() string {
	return "an operator's DELETE without WHERE, and a DROP TABLE"
}

// Inject implements Fault.
func (OperatorError) Inject(ctx context.Context, t Target) (string, error) {
	deleted, err := t.System.ExecSQL(ctx, `DELETE FROM memory_vectors`)
	if err != nil {
		return "", err
	}
	if deleted == 0 {
		return "", fmt.Errorf("%w: memory_vectors was empty", ErrNothingHit)
	}
	if _, err := t.System.ExecSQL(ctx, `DROP TABLE audit_logs`); err != nil {
		return "", err
	}
	return fmt.Sprintf("deleted all %d rows of memory_vectors, and dropped audit_logs", deleted), nil
}
