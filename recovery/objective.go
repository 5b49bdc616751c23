package recovery

import (
	"fmt"
	"time"
)

// Objective is what a drill must reach.
type Objective struct {
	// RTO is zero where the playbook states none: no outage is measured then.
	RTO time.Duration
	RPO map[Class]time.Duration
	// Hold is how long the steady state must last after recovery before the service counts as restored.
	Hold time.Duration
	// Declared is the detection and response time that a drill cannot measure; it is added to what was measured.
	Declared time.Duration
}

// Protection is what keeps a class's data through a failure.
type Protection struct {
	By string // in words, such as "WAL" or "backup-postgres.sh every 4 min"
	// Policy is the interval of a periodic backup; zero where the protection is continuous.
	Policy time.Duration
	// Snapshot is when the backup was begun that was restored, or else the newest one: what was
	// acknowledged before is in it.
	Snapshot time.Duration
	// Skipped is how many newer backups there were than the one that was restored.
	Skipped int
	// Allows is the loss window that a continuous protection may leave, such as the append-only file's
	// second; zero where it leaves none.
	Allows time.Duration
	// Until is when recovery began. No protection explains that writes are lost which were issued later:
	// they went into a store that was replaced.
	Until time.Duration
	// Lag is the longest time that a backup of this drill took from its snapshot until it could be restored from.
	Lag time.Duration
	// Behind is how long before the injection the store itself says its content ends; nil where it cannot tell.
	Behind *time.Duration
	// Position says where Behind comes from, and Resolution how far it can be off.
	Position   string
	Resolution time.Duration
}

// Periodic says whether the class is protected by backups at intervals.
func (p Protection) Periodic() bool { return p.Policy > 0 }

// Projected is the loss to expect under the policy: a failure just before a backup could be restored
// from. Each newer backup that is not restored, because it is damaged or for no reason, costs an interval more.
func (p Protection) Projected() time.Duration { return p.Policy*time.Duration(1+p.Skipped) + p.Lag }

// Formula is the projection in words and figures.
func (p Protection) Formula() string {
	intervals := Words(p.Policy)
	if p.Skipped > 0 {
		intervals = fmt.Sprintf("%s × %d (newer backups not restored: %d)", Words(p.Policy), 1+p.Skipped, p.Skipped)
	}
	return fmt.Sprintf("policy interval %s + completion lag %s", intervals, Words(p.Lag))
}
