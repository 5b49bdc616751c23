package recovery_test

import (
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestProtectionProjectsTheLossOfItsPolicy(t *testing.T) {
	daily := recovery.Protection{By: "backup-postgres.sh", Policy: 23 * time.Hour, Snapshot: 4 * time.Second, Allows: time.Second, Lag: 1234567 * time.Microsecond}
	if !daily.Periodic() {
		t.Error("a backup every 23 h is not periodic")
	}
	if got, want := daily.Projected(), 23*time.Hour+1234567*time.Microsecond; got != want {
		t.Errorf("projected %s, want %s: when the drill made its backups does not count", got, want)
	}
	if got, want := daily.Formula(), "policy interval 23 h + completion lag 1.235 s"; got != want {
		t.Errorf("formula %q, want %q", got, want)
	}
}

func TestEachSkippedBackupCostsAnInterval(t *testing.T) {
	damaged := recovery.Protection{By: "backup-redis.sh", Policy: 25 * time.Minute, Lag: time.Second, Skipped: 1}
	if got, want := damaged.Projected(), 50*time.Minute+time.Second; got != want {
		t.Errorf("projected %s, want %s", got, want)
	}
	if got, want := damaged.Formula(), "policy interval 25 min × 2 (newer backups not restored: 1) + completion lag 1 s"; got != want {
		t.Errorf("formula %q, want %q", got, want)
	}
}

func TestContinuousProtectionIsNotPeriodic(t *testing.T) {
	if (recovery.Protection{By: "append-only file", Allows: time.Second, Snapshot: time.Second, Until: time.Minute, Lag: time.Second}).Periodic() {
		t.Error("a protection without a policy interval is periodic")
	}
}
