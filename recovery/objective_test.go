package recovery_test

import (
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestProtectionProjectsTheLossOfItsPolicy(t *testing.T) {
	daily := recovery.Protection{By: "backup-postgres.sh", Policy: 23 * time.Hour, Every: 4 * time.Second, Lag: 1234567 * time.Microsecond}
	if !daily.Periodic() {
		t.Error("a backup every 23 h is not periodic")
	}
	if got, want := daily.Projected(), 23*time.Hour+1234567*time.Microsecond; got != want {
		t.Errorf("projected %s, want %s: the drill's own pace does not count", got, want)
	}
	if got, want := daily.Formula(), "policy interval 23h0m0s + completion lag 1.235s"; got != want {
		t.Errorf("formula %q, want %q", got, want)
	}
}

func TestContinuousProtectionIsNotPeriodic(t *testing.T) {
	if (recovery.Protection{By: "WAL", Every: time.Second}).Periodic() {
		t.Error("a protection without a policy interval is periodic")
	}
}
