package drills

import (
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// Drill is one rehearsal as a plain value: it can be listed, printed before it runs and written
// into the record. Run alone gives it life.
type Drill struct {
	Name     string // as in the catalogue; reports, history and CI refer to it
	Scenario string // of the playbook
	Title    string
	Recovery string // the procedure rehearsed, in words
	Proves   string // what is shown beside RTO and RPO, in words
	Limits   string // what this drill does not show, in words
	Labels   []string

	// Needs are the parts of the stack that the drill runs on; nothing else is started.
	Needs fixtures.Needs
	// Probe says how the service under drill is watched.
	Probe workload.Watched
	// Rates replace the workload's writes a second by class.
	Rates map[recovery.Class]int `json:",omitempty"`
	// Lifetime is the age at which clients renew their connections to PostgreSQL, as pools do; 0: never.
	Lifetime time.Duration `json:",omitempty"`
	// DataFault means that the servers stay up: the probe then reads the rows that the fault may damage.
	DataFault bool
	// Backups run on their compressed schedules until the fault.
	Backups []Backup
	// Safeguards keep classes beside the store's own log and the backups.
	Safeguards []Safeguard `json:",omitempty"`
	Fault      faults.Fault
	// Felt are classes of which a write has to fail before the recovery begins: a quick responder could else be done
	// before a slow lane has written once.
	Felt []recovery.Class `json:",omitempty"`
	// Tried is run against each obstacle of a fault that is faults.InTurn, and has to fail well each time.
	Tried Script `json:",omitzero"`
	// Scripts are the recovery, run one after another once the outage is seen.
	Scripts   []Script
	Objective recovery.Objective
	// Stated are the organization's targets that the drill is held to; zero where they are all the playbook's.
	Stated governance.Targets `json:",omitzero"`
	// Settle is how long after the scripts' end the service may take to come back.
	Settle time.Duration
	// Changes are what the recovery has to leave otherwise than it was.
	Changes []Change `json:",omitempty"`
	// Checks are the drill's proofs, beside RTO and RPO.
	Checks []Check
}

// Stores are those that the drill is about, as its labels say. They alone get rows of the archive.
func (d Drill) Stores() []string {
	var stores []string
	for _, label := range d.Labels {
		if store, ok := strings.CutPrefix(label, "store="); ok {
			stores = append(stores, store)
		}
	}
	return stores
}

// Script is one recovery script with its arguments.
type Script struct {
	Name string
	Args []string
	// Env is what it is told beside what every script is.
	Env map[string]string `json:",omitempty"`
}

// Backup is a periodic backup: the classes it protects and the policy's interval, which a drill
// cannot wait for, so that it runs every Every instead and the loss is projected.
type Backup struct {
	Script  string
	Every   time.Duration
	Protect []recovery.Class
	Policy  time.Duration
	// Schedule is the policy as an organization states it; empty where it is the playbook's.
	Schedule string `json:",omitempty"`
}

// Safeguard keeps classes all the time, such as a synchronous standby.
type Safeguard struct {
	By      string // in words
	Protect []recovery.Class
	// Allows is the loss window that it may leave; zero where it leaves none.
	Allows time.Duration
}
