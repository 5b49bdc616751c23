package recovery

import "time"

// Clock tells the time of a drill: how long ago it began. All instants of a drill come from one
// clock, so that they can be subtracted.
type Clock interface {
	Now() time.Duration
}

// SystemClock is the monotonic clock of the operating system, starting at zero when it is made.
type SystemClock struct{ began time.Time }

// NewClock starts a clock.
func NewClock() SystemClock { return SystemClock{began: time.Now()} }

// Now is the time since the clock was made.
func (c SystemClock) Now() time.Duration { return time.Since(c.began) }

// Wall is the time of day at an instant of the drill.
func (c SystemClock) Wall(at time.Duration) time.Time { return c.began.Add(at) }

// Since is the instant of a time of day; it may be negative. It is as good as the machine's clock is steady.
func (c SystemClock) Since(wall time.Time) time.Duration { return wall.Round(0).Sub(c.began.Round(0)) }
