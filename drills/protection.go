package drills

import (
	"context"
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// manifestResolution is how exactly a backup knows where its content ends: its manifest is stamped
// before its snapshot is taken, and Redis counts in whole seconds.
const manifestResolution = 2 * time.Second

// AppendPolicy is what appendfsync everysec may cost: Redis's documentation says one second, two when
// the disk is slow.
const AppendPolicy = 2 * time.Second

// protections says of each class what protects it in this drill, and where the store itself says
// that its content ended.
func (r *rehearsal) protections(ctx context.Context) (map[recovery.Class]recovery.Protection, error) {
	injected, _ := r.timeline.At(recovery.Injected)
	began, _ := r.timeline.At(recovery.RecoveryStarted)
	snapshots := r.snapshots()
	protections := map[recovery.Class]recovery.Protection{}
	for _, class := range recovery.Classes() {
		p := recovery.Protection{By: "write-ahead log (fsync, synchronous_commit)", Until: began}
		if class == recovery.Memory {
			p.By, p.Allows = "append-only file (appendfsync everysec)", AppendPolicy
		}
		for _, safeguard := range r.drill.Safeguards {
			if slices.Contains(safeguard.Protect, class) {
				p.By, p.Allows = safeguard.By, safeguard.Allows
			}
		}
		if b, ok := r.backupOf(class); ok {
			p.By, p.Policy, p.Snapshot = b.words(), b.Policy, snapshots[class]
			_, p.Skipped, _ = r.restoredBackup(b)
			p.Lag = r.lag(class)
			r.positionOfBackup(&p, b, injected)
		} else if err := r.positionOfStore(ctx, class, &p, injected); err != nil {
			return nil, err
		}
		protections[class] = p
	}
	return protections, nil
}

func (r *rehearsal) backupOf(class recovery.Class) (Backup, bool) {
	for _, b := range r.drill.Backups {
		for _, protected := range b.Protect {
			if protected == class {
				return b, true
			}
		}
	}
	return Backup{}, false
}

// lag is the longest that a backup of the class took in this drill.
func (r *rehearsal) lag(class recovery.Class) time.Duration {
	var longest time.Duration
	for _, b := range r.backups {
		for _, protected := range b.protects {
			if protected == class {
				longest = max(longest, b.lag())
			}
		}
	}
	return longest
}

// positionOfBackup takes the position from the manifest of the backup that the recovery says it
// restored. Recovery scripts that name none leave the position unknown.
func (r *rehearsal) positionOfBackup(p *recovery.Protection, b Backup, injected time.Duration) {
	restored, _, named := r.restoredBackup(b)
	if !named {
		return
	}
	at, err := time.Parse(time.RFC3339Nano, restored.facts["snapshot_at"])
	if err != nil {
		r.note("the manifest of %s has no usable snapshot time: %v", restored.facts["backup"], err)
		return
	}
	behind := injected - r.clock.Since(at)
	p.Behind, p.Resolution = &behind, manifestResolution
	p.Position = "the manifest of " + restored.facts["backup"]
}

// restoredBackup is the backup that the recovery says it restored, and how many newer ones there were.
// False means that it names none of them.
func (r *rehearsal) restoredBackup(b Backup) (run backupRun, newer int, named bool) {
	for _, candidate := range slices.Backward(r.backups) {
		if candidate.script != b.Script {
			continue
		}
		if r.saysRestored(candidate.facts["backup"]) {
			return candidate, newer, true
		}
		newer++
	}
	return backupRun{}, 0, false
}

func (r *rehearsal) saysRestored(backup string) bool {
	return backup != "" && slices.ContainsFunc(r.recovered, func(t runbook.Transcript) bool { return t.Facts["restored_backup"] == backup })
}

// positionOfStore asks the store that recovered by itself where its content ended.
func (r *rehearsal) positionOfStore(ctx context.Context, class recovery.Class, p *recovery.Protection, injected time.Duration) error {
	p.Resolution = fixtures.PositionResolution
	if class == recovery.Memory {
		if behind, ok := r.appendLog.BehindNextLife(injected); ok {
			p.Behind, p.Position = &behind, r.appendLog.Of
		}
		return nil
	}
	lsn, recovered, err := r.stack.RecoveredTo(ctx, r.clock.Wall(injected))
	if err != nil || !recovered {
		return err
	}
	if behind, ok := r.writeAhead.Behind(lsn, injected); ok {
		p.Behind, p.Position = &behind, r.writeAhead.Of
	}
	return nil
}
