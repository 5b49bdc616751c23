package recovery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestSystemClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := recovery.NewClock()
		if now := clock.Now(); now != 0 {
			t.Errorf("a new clock says %s, want 0s", now)
		}
		time.Sleep(3 * time.Second)
		if now := clock.Now(); now != 3*time.Second {
			t.Errorf("3 s later the clock says %s", now)
		}
		if got := clock.Wall(clock.Now()); !got.Equal(time.Now()) {
			t.Errorf("Wall(Now()) = %s, want %s", got, time.Now())
		}
		before := clock.Wall(0).Add(-time.Minute)
		if got := clock.Since(before); got != -time.Minute {
			t.Errorf("a minute before the start is %s, want -1m0s", got)
		}
	})
}
