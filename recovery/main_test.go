package recovery_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ms makes instants readable in tables.
func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }
