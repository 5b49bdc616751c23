package faults

import (
	"context"
	"fmt"
)

// Database is the stack's PostgreSQL.
type Database interface {
	// ExecSQL runs one statement and returns how many rows it touched.
	ExecSQL(ctx context.Context, sql string, args ...any) (rows int64, err error)
	// QuerySQL runs one statement and returns its rows as text, columns joined by a blank.
	QuerySQL(ctx context.Context, sql string, args ...any) (rows []string, err error)
}

// CorruptJSON damages the results of runs: half of them are cut short, half are JSON of another shape.
type CorruptJSON struct{}

// Describe implements Fault.
func (CorruptJSON) Describe() string { return "broken and wrong-shaped JSON in the results of runs" }

// Inject implements Fault.
func (CorruptJSON) Inject(ctx context.Context, t Target) (string, error) {
	half := len(t.Runs) / 2
	broken, err := t.System.ExecSQL(ctx, `UPDATE runs SET result = left(result, 20) WHERE id = ANY($1) AND length(result) > 20`, t.Runs[:half])
	if err != nil {
		return "", err
	}
	misshapen, err := t.System.ExecSQL(ctx, `UPDATE runs SET result = '["not", "an", "object"]' WHERE id = ANY($1)`, t.Runs[half:])
	if err != nil {
		return "", err
	}
	if broken == 0 || misshapen == 0 {
		return "", fmt.Errorf("%w: %d results broken, %d misshapen", ErrNothingHit, broken, misshapen)
	}
	return fmt.Sprintf("cut %d results short and gave %d another shape", broken, misshapen), nil
}

// ShortVectors gives embeddings half of their dimensions, after a migration that loosened the
// column's type: a column of fixed dimensions would refuse them.
type ShortVectors struct{}

// Describe implements Fault.
func (ShortVectors) Describe() string {
	return "embeddings of another dimension, behind a migration that dropped the vector index and the column's fixed dimensions"
}

// Inject implements Fault.
func (ShortVectors) Inject(ctx context.Context, t Target) (string, error) {
	for _, sql := range []string{
		`DROP INDEX memory_vectors_embedding_idx`,
		`ALTER TABLE memory_vectors ALTER COLUMN embedding TYPE vector`,
	} {
		if _, err := t.System.ExecSQL(ctx, sql); err != nil {
			return "", err
		}
	}
	short, err := t.System.ExecSQL(ctx, `UPDATE memory_vectors SET embedding = subvector(embedding, 1, 768) WHERE id = ANY($1)`, t.Vectors)
	if err != nil {
		return "", err
	}
	if short == 0 {
		return "", fmt.Errorf("%w: no embedding to shorten", ErrNothingHit)
	}
	return fmt.Sprintf("shortened %d embeddings to 768 dimensions", short), nil
}
