package faults

import (
	"context"
	"fmt"
)

// Sessions are those of clients of the database that are not the workload.
type Sessions interface {
	// LeakSessions opens sessions that do nothing until the server lets no ordinary client in, and goes
	// on trying until the stack ends, as a pool that leaks does. It returns how many it opened.
	LeakSessions(ctx context.Context) (opened int, err error)
	// ForgetTransaction leaves a transaction open that has read a table, has a migration of that table
	// begin, and returns how many sessions wait for the table then.
	ForgetTransaction(ctx context.Context) (waiting int, err error)
}

// LeakSessions takes all connections that ordinary clients may have.
type LeakSessions struct{}

// Describe implements Fault.
func (LeakSessions) Describe() string {
	return "a client that leaks connections has taken all of PostgreSQL's, and takes each one that falls free"
}

// Inject implements Fault.
func (LeakSessions) Inject(ctx context.Context, t Target) (string, error) {
	opened, err := t.System.LeakSessions(ctx)
	if err != nil {
		return "", err
	}
	if opened == 0 {
		return "", fmt.Errorf("%w: no connection was free", ErrNothingHit)
	}
	return fmt.Sprintf("took the last %d connections with sessions that do nothing", opened), nil
}

// ForgetTransaction has everybody wait for a transaction that nobody will end.
type ForgetTransaction struct{}

// Describe implements Fault.
func (ForgetTransaction) Describe() string {
	return "a forgotten transaction that has read a table, and behind it a migration for which every writer of that table waits"
}

// Inject implements Fault.
func (ForgetTransaction) Inject(ctx context.Context, t Target) (string, error) {
	waiting, err := t.System.ForgetTransaction(ctx)
	if err != nil {
		return "", err
	}
	if waiting == 0 {
		return "", fmt.Errorf("%w: nobody waits for the forgotten transaction", ErrNothingHit)
	}
	return fmt.Sprintf("left a transaction open that %d sessions wait for", waiting), nil
}
