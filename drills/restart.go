package drills

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cogitator-ai/drdrill/fixtures/inventory"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// A service that runs may still be lost at its next start: a file that was left says that it is a standby, a setting
// that switches durability off waits for the restart, data was never on the disk that the next start reads.

const restartProof = "after a restart of the stores everything is still there"

// settleAfterRestart is how long what servers build up again may take, such as the links of replicas.
const settleAfterRestart = 15 * time.Second

// surviveRestart restarts the stores once, after all else was verified, and asks everything again.
func (r *rehearsal) surviveRestart(ctx context.Context) reports.Proof {
	r.unfollow() // positions are those of what came out of the recovery
	detail, err := r.compareAcrossRestart(ctx)
	return r.prove(restartProof, detail, err)
}

func (r *rehearsal) compareAcrossRestart(ctx context.Context) (string, error) {
	var things inventory.Inventory
	var rows inventory.Rows
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		things, err = r.stack.Inventory(inGroup)
		return err
	})
	group.Go(func() (err error) {
		rows, err = r.stack.Rows(inGroup)
		return err
	})
	if err := group.Wait(); err != nil {
		return "", err
	}
	began := r.clock.Now()
	if err := r.stack.RestartStores(ctx); err != nil {
		return "", Violated("%s", err)
	}
	took := r.clock.Now() - began
	if err := r.sameThings(ctx, things); err != nil {
		return "", err
	}
	if err := r.sameRows(ctx, rows); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d things and %d rows, the memory store and the archive are what they were; the stores were back after %s", len(things), len(rows), recovery.Words(took)), nil
}

// sameThings waits until the inventory is the one from before the restart. What has become again what it was before the
// fault, such as a setting that a recovery leaves until the next start, is no difference.
func (r *rehearsal) sameThings(ctx context.Context, before inventory.Inventory) error {
	original, _ := r.before[inventoryCheck].(inventory.Inventory)
	var left Differences
	err := r.awaitHeld(ctx, r.setting.Scale.Patient(settleAfterRestart), func() error {
		after, err := r.stack.Inventory(ctx)
		if err != nil {
			return err
		}
		differences := slices.DeleteFunc(inventory.Compare(before, after), func(d inventory.Difference) bool {
			was, had := original[d.Thing]
			return was == d.Is && had == d.Has
		})
		if left = undeclared(differences, nil); len(left) > 0 {
			return left
		}
		return nil
	})
	if err != nil && len(left) > 0 {
		return left
	}
	return err
}

// sameRows compares all rows, the memory store's and the archive's with those from before the restart.
func (r *rehearsal) sameRows(ctx context.Context, before inventory.Rows) error {
	after, err := r.stack.Rows(ctx)
	if err != nil {
		return err
	}
	nothing := func(string) bool { return false }
	if left := undeclared(inventory.CompareRows(before, after, r.stack.Grows, nothing), nil); len(left) > 0 {
		return left
	}
	kept, err := r.clients.Read(ctx, recovery.Memory)
	if err != nil {
		return err
	}
	if gone := Missing(r.rows[recovery.Memory], kept); len(gone) > 0 {
		return Violated("%d keys of the memory store are gone or changed", len(gone))
	}
	if fresh := Missing(kept, r.rows[recovery.Memory]); len(fresh) > 0 {
		return Violated("%d keys of the memory store were not there before the restart", len(fresh))
	}
	archived, err := r.stack.Archived(ctx)
	if err != nil {
		return err
	}
	_, err = compareArchives(r.archived, archived)
	return err
}
