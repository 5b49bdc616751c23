package faults

import (
	"context"
	"fmt"
)

// VectorIndex is the index over the stack's embeddings.
type VectorIndex interface {
	// AbandonRebuild begins to rebuild the index concurrently, and fails. It returns the name of the
	// invalid index that is left behind.
	AbandonRebuild(ctx context.Context) (left string, err error)
}

// UnindexedRows makes the index over the embeddings miss rows that the table has, without an error
// anywhere: what PostgreSQL 14.0 to 14.3 did when an index was built concurrently. The rows are
// written while the index is not kept up, and their content stays what it was.
type UnindexedRows struct{}

// Describe implements Fault.
func (UnindexedRows) Describe() string {
	return "the vector index misses four of five rows, and answers without an error"
}

// unindexed chooses the rows.
const unindexed = `abs(hashtext(id)::bigint) % 5 > 0`

// Inject implements Fault.
func (UnindexedRows) Inject(ctx context.Context, t Target) (string, error) {
	rows, err := t.System.ExecSQL(ctx, `SELECT FROM memory_vectors WHERE `+unindexed)
	if err != nil {
		return "", err
	}
	const keptUp = `UPDATE pg_index SET indisready = %t WHERE indexrelid = 'memory_vectors_embedding_idx'::regclass;`
	_, err = t.System.ExecSQL(ctx, fmt.Sprintf(keptUp, false)+`
		WITH old AS (DELETE FROM memory_vectors WHERE `+unindexed+` RETURNING *) INSERT INTO memory_vectors SELECT * FROM old;
		`+fmt.Sprintf(keptUp, true))
	if err != nil {
		return "", err
	}
	if rows == 0 {
		return "", fmt.Errorf("%w: there is no embedding", ErrNothingHit)
	}
	return fmt.Sprintf("left %d embeddings out of the index", rows), nil
}

// AbandonedRebuild leaves what a concurrent rebuild leaves that failed: an invalid index beside the
// one that it was to replace.
type AbandonedRebuild struct{}

// Describe implements Fault.
func (AbandonedRebuild) Describe() string { return "a concurrent rebuild of it fails" }

// Inject implements Fault.
func (AbandonedRebuild) Inject(ctx context.Context, t Target) (string, error) {
	left, err := t.System.AbandonRebuild(ctx)
	if err != nil {
		return "", err
	}
	if left == "" {
		return "", fmt.Errorf("%w: the rebuild left nothing behind", ErrNothingHit)
	}
	return "an abandoned rebuild left " + left, nil
}
