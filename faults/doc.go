// Package faults holds the failures that drills inject, one a file. A fault is a plain value with
// one method. It says what it hit, and hitting nothing is an error: a drill whose fault missed has
// shown nothing.
package faults

import (
	"context"
	"errors"
	"math/rand/v2"
)

// Fault is one failure.
type Fault interface {
	// Describe says in words what is broken.
	Describe() string
	// Inject breaks it and returns, in words, what it hit. It returns ErrNothingHit, or an error
	// that wraps it, when there was nothing to hit.
	Inject(ctx context.Context, t Target) (hit string, err error)
}

// Awaiter is a fault that waits for its moment. Await returns when that has come; the clock starts
// at Inject.
type Awaiter interface {
	Await(ctx context.Context, t Target) error
}

// ErrNothingHit means that a fault found nothing to break.
var ErrNothingHit = errors.New("the fault hit nothing")

// Target is what a fault may break.
type Target struct {
	System System
	// Runs and Vectors are the ids of the rows that a fault on data may damage.
	Runs, Vectors []string
	// Workers are the names of the workers.
	Workers []string
	// Queue takes runs beside the workload's.
	Queue Queue
	Rand  *rand.Rand // drawn from the run's seed
	// Damage is where a fault on data takes down what it did, if its drill's checks ask for it.
	Damage *Damage
}

// System is the stack under drill, as far as faults need it.
type System interface {
	Containers
	Cluster
	Endings
	Freezer
	Database
	Sessions
	Primary
	Disk
	SandboxHost
	Starter
	Shell
	Network
	VectorIndex
	RedisCluster
}
