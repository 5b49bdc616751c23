package drills

import (
	"context"
	"errors"
	"fmt"

	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

// loadArchive loads what the drill's stores hold beside the workload's writes, and takes down its
// content. Nobody touches it from here on, so that this is also what it is just before the fault.
func (r *rehearsal) loadArchive(ctx context.Context) error {
	scale := r.setting.Scale.In(r.drill.Stores())
	if err := scale.Load(ctx, r.stack.ConnectPostgres); err != nil {
		return err
	}
	keys := r.stack.ConnectMemory()
	defer keys.Close()
	if err := scale.LoadKeys(ctx, keys); err != nil {
		return err
	}
	var err error
	if r.archived, err = r.stack.Archived(ctx); err != nil {
		return err
	}
	if n := archive.Rows(r.archived); n != int64(scale.Rows+scale.Keys) {
		return fmt.Errorf("load the archive: %d rows and keys are there, %d were loaded", n, scale.Rows+scale.Keys)
	}
	return nil
}

// archiveIsBack holds the archive's content against what it was before the fault. Where a drill has
// none there must be none afterwards: rows under its names are in no ledger.
func archiveIsBack() Check {
	return Check{
		Name: "the archive holds what it held",
		After: func(ctx context.Context, s Site) (string, error) {
			after, err := s.Stack.Archived(ctx)
			if errors.Is(err, archive.ErrNoTable) {
				return "", Violated("%s", err)
			}
			if err != nil {
				return "", err
			}
			return compareArchives(s.Archive, after)
		},
	}
}

func compareArchives(before, after []archive.Digest) (string, error) {
	if len(before) == 0 || len(after) != len(before) {
		return "", fmt.Errorf("%d digests were taken before the fault, %d after it", len(before), len(after))
	}
	for i, was := range before {
		switch is := after[i]; {
		case is.Table != was.Table:
			return "", fmt.Errorf("the digest of %s is held against that of %s", is.Table, was.Table)
		case is.Rows != was.Rows:
			return "", Violated("%s has %d rows of the archive; there were %d", is.Table, is.Rows, was.Rows)
		case is.Sum != was.Sum:
			return "", Violated("%s: the %d rows of the archive are not what they were", is.Table, is.Rows)
		}
	}
	return fmt.Sprintf("%d rows and keys have the digests that they had before the fault", archive.Rows(after)), nil
}
