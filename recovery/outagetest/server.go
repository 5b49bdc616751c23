package outagetest

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"
)

// Server answers every byte with the same byte. It can go down as a killed process does: its port closes
// and its connections are reset.
type Server struct {
	// Address is where it listens, and does again when it has come back.
	Address string

	mu          sync.Mutex
	listener    net.Listener
	connections map[net.Conn]bool
	down        bool
	serving     sync.WaitGroup
}

// Start starts a server on an address of this machine, at a port that is free.
func Start(host string) (*Server, error) {
	s := &Server{Address: net.JoinHostPort(host, "0"), connections: map[net.Conn]bool{}}
	if err := s.comeUp(); err != nil {
		return nil, err
	}
	s.Address = s.listener.Addr().String()
	return s, nil
}

// comeUp returns once connections are taken. It tries again where another socket of this
// machine has its port for a moment: the outage is then longer, and the test notes by how much.
func (s *Server) comeUp() error {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		listener, err := net.Listen("tcp", s.Address)
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

// Stop ends the server for good.
func (s *Server) Stop() {
	s.goDown()
	s.serving.Wait()
}

func (s *Server) goDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = true
	_ = s.listener.Close()
	for connection := range s.connections {
		reset(connection)
	}
	clear(s.connections)
}

func (s *Server) accept(listener net.Listener) {
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
func (s *Server) keep(connection net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		s.connections[connection] = true
	}
	return !s.down
}

func reset(connection net.Conn) {
	_ = connection.(*net.TCPConn).SetLinger(0) // so that Close sends RST instead of FIN
	_ = connection.Close()
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

// client asks on connections that it keeps, each for one question at a time, as a pool of a database driver does.
type client struct {
	address string

	mu   sync.Mutex
	free []net.Conn
}

func (c *client) ask(ctx context.Context) error {
	connection, err := c.take(ctx)
	if err != nil {
		return err
	}
	if err := roundTrip(ctx, connection); err != nil {
		_ = connection.Close()
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, connection)
	return nil
}

func (c *client) take(ctx context.Context) (net.Conn, error) {
	if kept := c.kept(); kept != nil {
		return kept, nil
	}
	return new(net.Dialer).DialContext(ctx, "tcp", c.address)
}

// kept takes the connection that was used last; nil when all are in use.
func (c *client) kept() net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := len(c.free) - 1
	if last < 0 {
		return nil
	}
	connection := c.free[last]
	c.free = c.free[:last]
	return connection
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
	for _, connection := range c.free {
		_ = connection.Close()
	}
	c.free = nil
}
