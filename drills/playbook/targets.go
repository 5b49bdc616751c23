package playbook

import (
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
)

// The scenarios of the playbook, as it names them.
const (
	singleWorker   = "Single worker failure"
	redisFailure   = "Redis failure"
	postgresDown   = "PostgreSQL failure"
	clusterFailure = "Complete cluster failure"
	corruption     = "Data corruption"
	sandbox        = "Docker sandbox"
	wasm           = "WASM sandbox"
	backups        = "Backups themselves"
)

// The playbook's recovery time objectives. It states none for sandboxes: their drills are held to
// that of a single worker, whose runs they carry.
const (
	workerRTO     = time.Minute
	redisRTO      = 5 * time.Minute
	postgresRTO   = 15 * time.Minute
	clusterRTO    = 30 * time.Minute
	corruptionRTO = time.Hour
	sandboxRTO    = time.Minute
)

// hold is how long the service must be right after recovery before it counts as restored, and
// settle how long it may take to come back once the scripts have ended.
const (
	hold   = 3 * time.Second
	settle = 12 * time.Second
)

// objective is the playbook's, with the scenario's recovery time.
func objective(rto time.Duration) recovery.Objective {
	return recovery.Objective{RTO: rto, Hold: hold, RPO: map[recovery.Class]time.Duration{
		recovery.Runs:    0,
		recovery.Audit:   0,
		recovery.Agents:  5 * time.Minute,
		recovery.Memory:  time.Hour,
		recovery.Vectors: 24 * time.Hour,
	}}
}

// The policy's backup intervals. The playbook's own frequencies equal its targets, which no backup
// can keep that takes any time at all: a dump every 5 minutes that takes 1 second leaves up to
// 5 minutes and 1 second unsaved. These intervals leave room for the time that a backup takes.
const (
	postgresPolicy = 4 * time.Minute  // one dump holds all of PostgreSQL's classes; agent definitions are the strictest
	redisPolicy    = 50 * time.Minute // the memory store
	basePolicy     = 24 * time.Hour   // base backups
	configPolicy   = 24 * time.Hour   // the configuration changes with releases
	// compressed is the interval at which a drill runs them.
	compressed = 3 * time.Second
)

func postgresDump() drills.Backup {
	return drills.Backup{
		Script: "backup-postgres.sh", Every: compressed, Policy: postgresPolicy,
		Protect: []recovery.Class{recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors},
	}
}

func redisSnapshot() drills.Backup {
	return drills.Backup{Script: "backup-redis.sh", Every: compressed, Policy: redisPolicy, Protect: []recovery.Class{recovery.Memory}}
}
