package recovery_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
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

const steady, hold = 50 * time.Millisecond, 100 * time.Millisecond

// measureKnown makes an outage, measures it, and compares what was measured with what was made.
func measureKnown(t *testing.T, length time.Duration) error {
	server, err := newServer()
	if err != nil {
		return err
	}
	defer server.stop()
	clock, watch := recovery.NewClock(), recovery.NewWatch()
	stop := keepWatch(t.Context(), watch, clock, &client{address: server.address})
	defer stop()

	time.Sleep(steady)
	went := act(clock, func() error { server.goDown(); return nil })
	time.Sleep(length - (clock.Now() - went.began))
	came := act(clock, server.comeUp)
	if came.err != nil {
		return came.err
	}
	got, err := awaitRestored(watch, went.began)
	stop()
	if err != nil {
		return err
	}
	return compare(t, got, watch.Observations(), went, came)
}

// awaitRestored measures until the service has held.
func awaitRestored(watch *recovery.Watch, injected time.Duration) (recovery.Outage, error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(hold / 4) {
		got, err := recovery.MeasureOutage(recovery.Seen{Probes: watch.Observations()}, injected, hold)
		if err == nil || time.Now().After(deadline) {
			return got, err
		}
	}
}

// deed is something that the test did to the server: the service changed between the two instants.
type deed struct {
	began, ended time.Duration
	err          error
}

func act(clock recovery.Clock, do func() error) deed {
	d := deed{began: clock.Now()}
	d.err = do()
	d.ended = clock.Now()
	return d
}

func compare(t *testing.T, got recovery.Outage, probes []recovery.Observation, went, came deed) error {
	known := came.ended - went.began
	t.Logf("known %s: measured %s from the impact, %s from the injection, ± %s",
		known, got.Restored-got.Impact, got.Restored-went.began, got.Uncertainty)
	// This holds on the busiest machine.
	if got.Restored < came.began || got.Restored > came.ended+got.Uncertainty {
		return fmt.Errorf("restored: measured %s ± %s, known %s to %s", got.Restored, got.Uncertainty, came.began, came.ended)
	}
	for _, d := range []deed{went, came} {
		if unseen := unwatched(probes, d); unseen > tolerance/2 {
			return fmt.Errorf("%w: nobody asked for %s around %s", errBusy, unseen, d.began)
		}
	}
	return errors.Join(
		near("outage (restored − impact)", got.Restored-got.Impact, known),
		near("recovery time (restored − injected)", got.Restored-went.began, known),
		near("impact", got.Impact, went.began),
		near("restored", got.Restored, came.ended),
	)
}

// unwatched is the time around a deed from the last answer before it to the first answer to a
// question asked after it.
func unwatched(probes []recovery.Observation, d deed) time.Duration {
	var before time.Duration
	for _, o := range probes {
		if o.Answered <= d.began {
			before = o.Answered
		}
		if o.Asked >= d.ended {
			return o.Answered - before
		}
	}
	return d.ended - before
}

// keepWatch watches until the returned function is called, which may be more than once.
func keepWatch(ctx context.Context, watch *recovery.Watch, clock recovery.Clock, c *client) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		defer c.hangUp()
		watch.Keep(ctx, clock, c.ask)
	})
	return func() { cancel(); watching.Wait() }
}

func near(what string, measured, known time.Duration) error {
	if off := measured - known; off.Abs() > tolerance {
		return fmt.Errorf("%s: measured %s, known %s: off by %s, more than %s", what, measured, known, off, tolerance)
	}
	return nil
}

// server answers every byte with the same byte. It can go down as a killed process does: its port closes
// and its connections are reset.
type server struct {
	address string

	mu          sync.Mutex
	listener    net.Listener
	connections map[net.Conn]bool
	down        bool
	serving     sync.WaitGroup
}

func newServer() (*server, error) {
	s := &server{address: "127.0.0.1:0", connections: map[net.Conn]bool{}}
	if err := s.comeUp(); err != nil {
		return nil, err
	}
	s.address = s.listener.Addr().String()
	return s, nil
}

// comeUp returns once connections are taken. It tries again where another socket of this
// machine has its port for a moment: the outage is then longer, and the test notes by how much.
func (s *server) comeUp() error {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		listener, err := net.Listen("tcp", s.address)
		if err == nil {
			s.mu.Lock()
			s.listener, s.down = listener, false
			s.mu.Unlock()
			s.serving.Go(func() { s.accept(listener) })
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("bring the server back: %w", err)
		}
	}
}

// stop ends the server for good.
func (s *server) stop() {
	s.goDown()
	s.serving.Wait()
}

func (s *server) goDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = true
	s.listener.Close()
	for connection := range s.connections {
		reset(connection)
	}
	clear(s.connections)
}

func (s *server) accept(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		if s.keep(connection) {
			s.serving.Go(func() { echo(connection) })
		} else {
			reset(connection)
		}
	}
}

// keep says whether the server is up for the connection.
func (s *server) keep(connection net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		s.connections[connection] = true
	}
	return !s.down
}

func reset(connection net.Conn) {
	_ = connection.(*net.TCPConn).SetLinger(0) // so that Close sends RST instead of FIN
	connection.Close()
}

func echo(connection net.Conn) {
	buffer := make([]byte, 1)
	for {
		if _, err := connection.Read(buffer); err != nil {
			return
		}
		if _, err := connection.Write(buffer); err != nil {
			return
		}
	}
}

// client asks over one connection for as long as that lasts, as a pool of a database driver does.
type client struct {
	address    string
	connection net.Conn
}

func (c *client) ask(ctx context.Context) error {
	if c.connection == nil {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", c.address)
		if err != nil {
			return err
		}
		c.connection = connection
	}
	err := roundTrip(ctx, c.connection)
	if err != nil {
		c.hangUp()
	}
	return err
}

func roundTrip(ctx context.Context, connection net.Conn) error {
	if deadline, ok := ctx.Deadline(); ok {
		if err := connection.SetDeadline(deadline); err != nil {
			return err
		}
	}
	buffer := []byte{'?'}
	if _, err := connection.Write(buffer); err != nil {
		return err
	}
	_, err := connection.Read(buffer)
	return err
}

func (c *client) hangUp() {
	if c.connection != nil {
		c.connection.Close()
		c.connection = nil
	}
}
