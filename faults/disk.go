package faults

import (
	"context"
	"fmt"
)

// Disk is the disk that PostgreSQL's data is on.
type Disk interface {
	// FillDisk has the write-ahead log grow for a replication slot that nobody reads from until the disk
	// is full. It returns what the server said when it went down; empty if it did not.
	FillDisk(ctx context.Context) (said string, err error)
}

// FillDisk fills PostgreSQL's disk with write-ahead log.
type FillDisk struct{}

// Describe implements Fault.
func (FillDisk) Describe() string {
	return "PostgreSQL's disk is full of write-ahead log, which is kept for an abandoned replication slot"
}

// Inject implements Fault.
func (FillDisk) Inject(ctx context.Context, t Target) (string, error) {
	said, err := t.System.FillDisk(ctx)
	if err != nil {
		return "", err
	}
	if said == "" {
		return "", fmt.Errorf("%w: the server goes on", ErrNothingHit)
	}
	return "filled the disk with log that is kept for a slot; the server's last words were: " + said, nil
}
