package governance

// Targets are what the drills are judged by. A target that is left out is the playbook's.
type Targets struct {
	// RTO is the recovery time objective of each scenario: the service is back sooner than this.
	RTO map[Scenario]Duration `json:"rto,omitzero"`
	// RPO is the recovery point objective of each data class: less than this is lost. 0s allows no loss.
	RPO map[Class]Duration `json:"rpo,omitzero"`
	// Backups are the schedules of the backups, from which the loss of a failure just before the next one is projected.
	Backups map[Backup]Schedule `json:"backups,omitzero"`
	// Declared are the detection and response of each scenario that a drill cannot measure; they are added to what it measures. Left out: the responder sits at the keyboard.
	Declared map[Scenario]Response `json:"declared,omitzero"`
}

// Response is how long it takes until somebody begins to recover.
type Response struct {
	// Detection is the time from the failure until somebody is told, such as the alert's hold time.
	Detection Duration `json:"detection,omitzero"`
	// Response is the time from then until the recovery begins.
	Response Duration `json:"response,omitzero"`
}

// Total is the time from the failure until the recovery begins.
func (r Response) Total() Duration { return r.Detection + r.Response }

// Scenario is one of the playbook's that has a recovery time; drills carry it as the label scenario=….
type Scenario string

// Scenarios are all of them, in the playbook's order.
func Scenarios() []Scenario {
	return []Scenario{"worker", "redis", "postgres", "cluster", "corruption", "sandbox", "wasm"}
}

// Class is one of the playbook's data classes.
type Class string

// Classes are all of them, in the order of the reports.
func Classes() []Class { return []Class{"runs", "audit", "agents", "memory", "vectors"} }

// Backup names a periodic backup: backup-NAME.sh takes it.
type Backup string

// Backups are all of them that protect data.
func Backups() []Backup {
	return []Backup{"postgres", "redis", "postgres-base", "config", "sandbox-image"}
}
