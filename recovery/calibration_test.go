package recovery_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery/outagetest"
)

// tolerance is how far a measured outage may be from the one that the test made.
const tolerance = 25 * time.Millisecond

// An outage of known length is measured right, ten times out of ten. The server is real, on
// loopback; the test takes it down, notes when, and brings it back on the same address. The ten
// run side by side: together they ask two thousand times a second, which hardly loads a core.
func TestCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped by -short: measuring thirty outages of real servers takes about four seconds")
	}
	const times = 10
	for _, length := range []time.Duration{ms(200), ms(500), ms(2000)} {
		t.Run(length.String(), func(t *testing.T) {
			var runs sync.WaitGroup
			for range times {
				runs.Go(func() {
					if err := calibrate(t, length); err != nil {
						t.Error(err)
					}
				})
			}
			runs.Wait()
		})
	}
}

// errBusy says that the machine gave the test too little time to make or to watch an outage, so
// that what was measured says nothing about the measuring.
var errBusy = errors.New("the machine is too busy")

// calibrate measures one outage. An outage that nobody could have measured is made again; one that
// was measured wrong is not.
func calibrate(t *testing.T, length time.Duration) error {
	for began := time.Now(); ; {
		err := measureKnown(t, length)
		if !errors.Is(err, errBusy) || time.Since(began) > 20*time.Second {
			return err
		}
		t.Log("again: ", err)
	}
}

// measureKnown makes an outage, measures it, and compares what was measured with what was made.
func measureKnown(t *testing.T, length time.Duration) error {
	server, err := outagetest.Start("127.0.0.1")
	if err != nil {
		return err
	}
	defer server.Stop()
	off, err := outagetest.Measure(t.Context(), server, server.Address, length)
	if err != nil {
		return err
	}
	t.Logf("%s: %+v", length, off)
	if off.Unwatched > tolerance/2 {
		return fmt.Errorf("%w: nobody asked for %s", errBusy, off.Unwatched)
	}
	return off.Near(tolerance)
}
