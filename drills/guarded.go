package drills

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// protectionChecks are made in every drill that has what protects against the next disaster: a recovery that spends its
// protection has moved the loss to another day.
func protectionChecks(d Drill) (checks []Check) {
	if d.Needs.WALArchive || d.Needs.Standby {
		checks = append(checks, logIsStreamed())
	}
	if len(d.Backups) > 0 {
		checks = append(checks, backupsAreKept(d.expiresAtOnce()), nextBackupWorks(d.Backups))
	}
	return checks
}

// expiresAtOnce says that scripts of the drill are told to remove every backup that they may remove.
func (d Drill) expiresAtOnce() bool {
	return slices.ContainsFunc(slices.Concat(d.Scripts, []Script{d.Tried}), func(s Script) bool { return s.Env["RETENTION_DAYS"] == "0" })
}

func logIsStreamed() Check {
	return Check{
		Name: "the write-ahead log is streamed again",
		After: func(ctx context.Context, s Site) (string, error) {
			is, err := s.Stack.Streaming(ctx)
			switch {
			case err != nil:
				return "", err
			case !is.Active:
				return "", Violated("nobody streams from the slot %s", is.Slot)
			case !is.Reached:
				return "", Violated("the slot %s does not come to what is written", is.Slot)
			case is.Limited:
				return "", Violated("the server does not keep all of the log for the slot %s", is.Slot)
			}
			return "the slot " + is.Slot + " is active, has come to what was written last, and the log is kept for it without a limit", nil
		},
	}
}

// backupsAreKept checks the backups that were there before the fault, as far as it has not hit them.
func backupsAreKept(expired bool) Check {
	return Check{
		Name:   "the backups are as before, and nobody else can read them",
		Before: func(ctx context.Context, s Site) (any, error) { return s.Stack.StoredBackups(ctx) },
		After: func(ctx context.Context, s Site) (string, error) {
			before, _ := s.Before.(fixtures.Stored)
			after, err := s.Stack.StoredBackups(ctx)
			if err != nil {
				return "", err
			}
			detail, err := compareBackups(before, after, s.Damage.Backups, expired)
			if err != nil || !slices.Contains(s.Stack.BackupPlaces(), "store") {
				return detail, err
			}
			public, err := s.Stack.PublicObjects(ctx, after)
			if len(public) > 0 {
				return "", Violated("the object store gives %s to everybody", public[0])
			}
			return detail, err
		},
	}
}

// compareBackups says what became of the backups that the fault has not hit. Where they expire at once one may be gone as a
// whole, once there is a newer one.
func compareBackups(before, after fixtures.Stored, hit []string, expired bool) (string, error) {
	kept, left := 0, 0
	for _, file := range slices.Sorted(maps.Keys(before)) {
		if slices.ContainsFunc(hit, func(beginning string) bool { return strings.HasPrefix(file, beginning) }) {
			continue
		}
		left++
		was, is := before[file], after[file]
		switch {
		case is == (fixtures.StoredFile{}):
			if !expired || !superseded(after, path.Dir(file)) {
				return "", Violated("%s is gone", file)
			}
			continue
		case is.SHA256 != was.SHA256:
			return "", Violated("%s is not what it was", file)
		case is != was:
			return "", Violated("%s has the mode %s and the owner %s; it had %s and %s", file, is.Mode, is.Owner, was.Mode, was.Owner)
		}
		kept++
	}
	if left == 0 {
		return "", fmt.Errorf("of %d files of backups the fault left none", len(before))
	}
	for _, file := range slices.Sorted(maps.Keys(after)) {
		if after[file].OpenToOthers() {
			return "", Violated("everybody may use %s: it has the mode %s", file, after[file].Mode)
		}
	}
	return fmt.Sprintf("%d of %d files have content, owner and mode as before; %d belonged to backups that have expired", kept, left, left-kept), nil
}

// superseded says that nothing is left of a backup, such as store:redis/redis-20261123T010203.000000Z, and that there is
// a newer one at its place.
func superseded(stored fixtures.Stored, backup string) bool {
	for file := range stored {
		if strings.HasPrefix(file, backup+"/") {
			return false
		}
	}
	place, kind, _ := strings.Cut(path.Dir(backup), ":")
	return NewestBackup(stored, place, kind) > path.Base(backup)
}

// nextBackupWorks makes the drill's backups once more, when everything is verified.
func nextBackupWorks(backups []Backup) Check {
	return Check{
		Name: "the next backup works, and holds what is there now",
		After: func(ctx context.Context, s Site) (string, error) {
			before, err := s.Stack.StoredBackups(ctx)
			if err != nil {
				return "", err
			}
			began, made := time.Now(), make([]string, len(backups))
			var group errgroup.Group
			for i, b := range backups {
				group.Go(func() (err error) {
					made[i], err = backUpAgain(ctx, s, b.Script)
					return err
				})
			}
			if err := group.Wait(); err != nil {
				return "", err
			}
			after, err := s.Stack.StoredBackups(ctx)
			if err != nil {
				return "", err
			}
			if err := sameFiles(before, after); err != nil {
				return "", err
			}
			for _, backup := range made {
				manifest, err := WholeBackup(ctx, s.Stack, after, backup)
				if err != nil {
					return "", err
				}
				if manifest.SnapshotAt.Before(began) {
					return "", Violated("%s is of %s, before it was begun", backup, manifest.SnapshotAt.Format(time.RFC3339Nano))
				}
			}
			return strings.Join(made, ", ") + ", as the manifest says at every place; older ones are as they were", nil
		},
	}
}

// backUpAgain runs a backup script, and holds the content of what it made against what was there before and after it.
func backUpAgain(ctx context.Context, s Site, script string) (string, error) {
	kind := strings.TrimSuffix(strings.TrimPrefix(script, "backup-"), ".sh")
	before, err := s.Stack.CountsNow(ctx, kind)
	if err != nil {
		return "", err
	}
	ran := s.Run(ctx, s.Stack, Script{Name: script})
	if err := Failed(ran); err != nil {
		return "", err
	}
	name := ran.Facts["backup"]
	at := strings.LastIndex(name, "-")
	if at < 0 {
		return "", Violated("%s names no backup that it made", script)
	}
	backup := name[:at] + "/" + name
	after, err := s.Stack.CountsNow(ctx, kind)
	if err != nil {
		return "", err
	}
	holds, err := s.Stack.CountsIn(ctx, backup)
	if err != nil {
		return "", Violated("%s", err)
	}
	return backup, between(backup, before, holds, after)
}

// between checks that a backup holds as much of each as there was while it was made.
func between(backup string, before, holds, after fixtures.Counts) error {
	all := maps.Clone(before)
	maps.Copy(all, after)
	maps.Copy(all, holds)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		least, most := min(before[name], after[name]), max(before[name], after[name])
		if n := holds[name]; n < least || n > most {
			return Violated("%s holds %d of %s; there were %d", backup, n, name, least)
		}
	}
	return nil
}
