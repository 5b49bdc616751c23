// Package reports holds the record of a run, which is all that is known about it, and the
// renderers that turn it into files. A renderer reads the record and nothing else, so that
// every report of a run says the same.
package reports

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// Schema names the version of the record's shape.
const Schema = "drdrill/record/v1"

// The verdicts, best first. The worst of a run's drills is the run's.
const (
	Met       = "met"
	Missed    = "missed"
	NotProven = "not-proven"
)

// Those who state targets and backup schedules.
const (
	FromPlaybook = "playbook"
	FromConfig   = "configuration"
)

// Record is one run: what was drilled, on what, and what was measured. Fields with the tag `redact:"-"` are
// drdrill's own words and figures: they hold nothing from outside, and no secret is looked for in them.
type Record struct {
	Schema string  `json:"schema" redact:"-"`
	Run    Run     `json:"run"`
	Drills []Drill `json:"drills"`
	// History is the run's place in the history of runs; nil where none is kept.
	History *History `json:"history,omitempty"`
	// Findings are what the history shows and a single run cannot: entries that were altered, quarters
	// without a drill, failed runs that were followed by others. One sentence each.
	Findings []string `json:"findings,omitempty"`
	// Risks are the accepted risks of the drills that ran, and what became of each.
	Risks []Risk `json:"risks,omitempty"`
	// Governance is what the organization states in its configuration; nil where there was none. Its
	// Missing says what an auditor will ask for, for nil as well.
	Governance *governance.Plan `json:"governance,omitempty"`
}

// Run is what the drills of one record share.
type Run struct {
	ID         string    `json:"id" redact:"-"`
	StartedAt  time.Time `json:"startedAt"`
	FinishedAt time.Time `json:"finishedAt"`
	Seed       uint64    `json:"seed"`
	Version    string    `json:"version" redact:"-"`         // of drdrill
	Parallel   int       `json:"parallel"`                   // drills that ran at the same time; 1 is one after another
	Scale      string    `json:"scale,omitempty" redact:"-"` // of the rows that were there beside the workload's writes
	Rate       int       `json:"rate,omitempty"`             // writes a second and class; 0 is each drill's own
	Aborted    string    `json:"aborted,omitempty"`          // why the run ended early, such as "interrupted"
	Host       Host      `json:"host"`
	Engine     Engine    `json:"engine"`
	// Choices are what was chosen about the stacks with --set, by key.
	Choices map[string]string `json:"choices,omitempty" redact:"-"`
	// Images are the images that the run used, by key (postgres, redis, …).
	Images map[string]Image `json:"images"`
	// Scripts are the SHA-256 of the scripts that the run used, by file name.
	Scripts map[string]Script `json:"scripts" redact:"-"`
	// Revisions are what the scripts are of; nil in records of versions that did not note it.
	Revisions *Revisions `json:"revisions,omitempty"`
	// Config is the configuration that the run was made with; nil where there was none.
	Config *Config `json:"config,omitempty"`
}

// Config is the file that Record.Governance was read from.
type Config struct {
	Path   string `json:"path"` // as it was named, or found
	SHA256 string `json:"sha256" redact:"-"`
}

// Host is the machine that the harness ran on.
type Host struct {
	OS          string `json:"os"`
	Arch        string `json:"arch"`
	Kernel      string `json:"kernel,omitempty"`
	CPUs        int    `json:"cpus"`
	MemoryBytes uint64 `json:"memoryBytes,omitempty"`
}

// Engine is the container engine that the stack ran on.
type Engine struct {
	Name          string `json:"name"`
	Version       string `json:"version"`
	APIVersion    string `json:"apiVersion"`
	StorageDriver string `json:"storageDriver,omitempty"`
}

// Image is one container image as used.
type Image struct {
	Ref    string `json:"ref"`
	Digest string `json:"digest" redact:"-"` // sha256:… of the image's configuration, as the engine names it
	Custom bool   `json:"custom,omitempty"`
}

// Script is one recovery script as used.
type Script struct {
	SHA256 string `json:"sha256"`
	Custom bool   `json:"custom,omitempty"` // taken from --scripts, not from drdrill
}

// Revisions say of which git commits the scripts are.
type Revisions struct {
	Own    Revision  `json:"own"`              // of drdrill's
	Folder *Revision `json:"folder,omitempty"` // of those from --scripts
}

// Revision is a git commit, or why none is known.
type Revision struct {
	Commit string `json:"commit,omitempty" redact:"-"`
	Dirty  bool   `json:"dirty,omitempty"`  // something in the folder is not as in the commit
	Absent string `json:"absent,omitempty"` // why there is no commit
}

// Drill is one rehearsal and what was measured in it.
type Drill struct {
	Name     string `json:"name" redact:"-"`
	Scenario string `json:"scenario" redact:"-"`
	Title    string `json:"title" redact:"-"`
	Fault    string `json:"fault" redact:"-"`    // what was broken
	Recovery string `json:"recovery" redact:"-"` // what was rehearsed
	Proves   string `json:"proves" redact:"-"`   // what must be shown beside RTO and RPO
	Limits   string `json:"limits,omitempty" redact:"-"`
	// Changes are what the recovery has to leave otherwise than it was; everything else is held against what it was.
	Changes []Change `json:"changes,omitempty" redact:"-"`
	Verdict string   `json:"verdict" redact:"-"`
	Reasons []string `json:"reasons"` // why the verdict is not met; empty when it is
	// Findings are the same reasons with what each is of.
	Findings   []Finding `json:"findings,omitempty"`
	Repetition int       `json:"repetition"`
	// BeganAt is the wall clock at the drill's beginning, from which its seconds count.
	BeganAt time.Time `json:"beganAt,omitzero"`
	// Hit is what the fault did, in words: which container, which rows.
	Hit string `json:"hit,omitempty"`
	RTO RTO    `json:"rto" redact:"-"`
	RPO []RPO  `json:"rpo"`
	// Proofs are the drill's own checks, beside RTO and RPO.
	Proofs []Proof `json:"proofs"`
	// Gaps are what earlier versions wrote where there are accepted risks now. Nothing reads them.
	Gaps     json.RawMessage `json:"gaps,omitempty"`
	Timeline []Event         `json:"timeline" redact:"-"`
	Steps    []Step          `json:"steps"`
	Backups  []Backup        `json:"backups,omitempty" redact:"-"`
	Activity []Second        `json:"activity,omitempty"`
	Probe    Probe           `json:"probe"`
	Settings []Setting       `json:"settings,omitempty"`
	// Archive is what the stores held beside the workload's writes, before the fault.
	Archive []Archive `json:"archive,omitempty" redact:"-"`
	// Workers are the queue's settings that the workers ran with; nil where there were no workers.
	Workers *Workers `json:"workers,omitempty"`
	// Versions are those of the servers, as they say themselves.
	Versions map[string]string `json:"versions,omitempty"`
	Evidence []Evidence        `json:"evidence" redact:"-"`
	// Regression is the comparison with a baseline; nil where none was asked for. It is the same for
	// every repetition of a drill, and so is Trend.
	Regression *Regression `json:"regression,omitempty"`
	// Trend are the runs of this drill before this one, oldest first.
	Trend []Past `json:"trend,omitempty"`
}

// Change is a difference that the procedure rehearsed has to leave.
type Change struct {
	Of     string `json:"of"` // a regular expression over the difference in words
	Reason string `json:"reason"`
}

// RTO is the measured recovery time. Seconds throughout.
type RTO struct {
	// TargetSeconds is zero where the playbook states no target, as for the backups themselves: nothing
	// is measured then, and the verdict is that of the checks.
	TargetSeconds float64 `json:"targetSeconds"`
	// TargetFrom is who states the target: FromPlaybook or FromConfig; empty where there is none.
	TargetFrom string `json:"targetFrom,omitempty"`
	// MeasuredSeconds is from the injection to the restored service; nil when it was not restored.
	MeasuredSeconds *float64 `json:"measuredSeconds"`
	// UncertaintySeconds is how far MeasuredSeconds can be off: the time from the last failure to the right answer, or
	// from there until all writes that had failed were acknowledged again.
	UncertaintySeconds float64 `json:"uncertaintySeconds"`
	// DeclaredSeconds are detection and response that a drill cannot measure; zero means that the
	// responder sat at the keyboard. Judged is measured and declared.
	DeclaredSeconds float64  `json:"declaredSeconds"`
	JudgedSeconds   *float64 `json:"judgedSeconds"`
	Verdict         string   `json:"verdict"`
	Phases          []Phase  `json:"phases"`
}

// Targeted says whether the drill is held to a recovery time.
func (t RTO) Targeted() bool { return t.TargetSeconds > 0 }

// Phase is one part of the recovery time. The phases of a drill add up to its measured RTO.
type Phase struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// RPO is what became of one data class. Counts are of writes.
type RPO struct {
	Class         string  `json:"class" redact:"-"`
	TargetSeconds float64 `json:"targetSeconds"`
	TargetFrom    string  `json:"targetFrom,omitempty" redact:"-"` // who states it: FromPlaybook or FromConfig
	// ObservedSeconds is the loss window of this drill; nil when it could not be measured.
	ObservedSeconds *float64 `json:"observedSeconds"`
	// ProjectedSeconds is the policy's backup interval and the measured completion lag; nil where no
	// periodic backup protects the class.
	ProjectedSeconds *float64 `json:"projectedSeconds"`
	// Formula is the projection in words and figures.
	Formula string `json:"formula,omitempty"`
	// ScheduleFrom is who states the policy's interval: FromPlaybook or FromConfig; empty where there is none.
	ScheduleFrom string `json:"scheduleFrom,omitempty" redact:"-"`
	// StoreSeconds is the loss window by the store's own position; nil where the store tells none.
	StoreSeconds  *float64 `json:"storeSeconds"`
	StorePosition string   `json:"storePosition,omitempty"`
	ProtectedBy   string   `json:"protectedBy"`
	Judged        string   `json:"judged" redact:"-"` // observed or projected: the figure held against the target
	Verdict       string   `json:"verdict" redact:"-"`
	Acknowledged  int      `json:"acknowledged"`
	Lost          int      `json:"lost"`    // acknowledged, and not there
	Refused       int      `json:"refused"` // the store said no
	Unknown       int      `json:"unknown"` // no answer: may be there or not
	Phantom       int      `json:"phantom"` // there, and never attempted or refused
	Mutated       int      `json:"mutated"` // there with another payload
	Duplicated    int      `json:"duplicated"`
}

// Proof is one named check of a drill and its outcome.
type Proof struct {
	Name    string `json:"name" redact:"-"`
	Verdict string `json:"verdict" redact:"-"`
	Detail  string `json:"detail"`
}

// Finding is one thing that keeps a drill from met.
type Finding struct {
	// Of names what was missed: rto, "rpo runs" for the loss of a class, "damage runs" and "unexplained loss runs" for what is
	// wrong in it beyond that, a proof by its name, a script that failed by its own, with "left running" what it left running,
	// or baseline. Empty where nothing is known to have been missed.
	Of      string `json:"of,omitempty" redact:"-"`
	Verdict string `json:"verdict" redact:"-"` // missed or not-proven
	Reason  string `json:"reason"`
	// Accepted is how long and by whom a miss is accepted; nil where it is not.
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// Find adds a finding, which makes the drill's verdict worse.
func (d *Drill) Find(f Finding) {
	d.Verdict = Worse(cmp.Or(d.Verdict, Met), f.Verdict)
	d.Reasons, d.Findings = append(d.Reasons, f.Reason), append(d.Findings, f)
}

// Event is one instant of the timeline, in seconds since the drill began.
type Event struct {
	Event     string  `json:"event"`
	AtSeconds float64 `json:"atSeconds"`
}

// Step is one step of one script.
type Step struct {
	Script          string  `json:"script" redact:"-"`
	Name            string  `json:"name"`
	AtSeconds       float64 `json:"atSeconds"`
	Seconds         float64 `json:"seconds"`
	DeadlineSeconds float64 `json:"deadlineSeconds"`
	ExitCode        int     `json:"exitCode"`
	TimedOut        bool    `json:"timedOut,omitempty"`
	// Output is what the step printed, redacted; long output is cut in the middle and whole in the evidence.
	Output string `json:"output"`
}

// Backup is one run of a backup script before the fault.
type Backup struct {
	Script     string  `json:"script"`
	AtSeconds  float64 `json:"atSeconds"`
	LagSeconds float64 `json:"lagSeconds"` // from its snapshot point until it could be restored from
	ExitCode   int     `json:"exitCode"`
}

// Second is what the workload saw in one second of the drill.
type Second struct {
	AtSecond     int `json:"atSecond"`
	Acknowledged int `json:"acknowledged"`
	Refused      int `json:"refused"`
	Unknown      int `json:"unknown"`
}

// Probe is how the service was watched.
type Probe struct {
	Name            string  `json:"name" redact:"-"`
	IntervalSeconds float64 `json:"intervalSeconds"`
	SlowestSeconds  float64 `json:"slowestSeconds"`
	Count           int     `json:"count"`
	Failed          int     `json:"failed"`
	FirstError      string  `json:"firstError,omitempty"`
}

// Setting is one server setting that the drill rests on, as the live server states it.
type Setting struct {
	Store string `json:"store" redact:"-"`
	Name  string `json:"name" redact:"-"`
	Value string `json:"value"`
	Want  string `json:"want" redact:"-"`
}

// Archive is the content of one table's rows, or of keys, that were there beside the workload's writes.
type Archive struct {
	Store string `json:"store"`
	Table string `json:"table"` // or the keys' pattern
	Class string `json:"class"`
	Rows  int64  `json:"rows"`
	// Digest is the sum of the rows' SHA-256 as whole numbers, in decimal.
	Digest string `json:"digest"`
}

// Workers are the settings of the queue that the workers ran with, as they state them themselves.
// Figures are zero where they state none.
type Workers struct {
	Settings            string  `json:"settings"` // tuned, or defaults: those of the queue's library
	LockSeconds         float64 `json:"lockSeconds"`
	StalledCheckSeconds float64 `json:"stalledCheckSeconds"` // the interval
	MaxStalledCount     int     `json:"maxStalledCount"`     // stalls after which a run is given up
	Concurrency         int     `json:"concurrency"`         // runs at a time in each worker
}

// Evidence is one file behind the record, its path relative to the run's folder.
type Evidence struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Verdict is the run's: the worst of its drills. A run that drilled nothing, or ended early, proves nothing.
func (r Record) Verdict() string {
	if len(r.Drills) == 0 || r.Run.Aborted != "" {
		return NotProven
	}
	worst := Met
	for _, d := range r.Drills {
		worst = Worse(worst, d.Verdict)
	}
	return worst
}

// Worse returns the worse of two verdicts: not proven, then missed, then met. An unknown word is not proven.
func Worse(a, b string) string {
	if rank(a) >= rank(b) {
		return a
	}
	return b
}

func rank(v string) int {
	switch v {
	case Met:
		return 0
	case Missed:
		return 1
	default:
		return 2
	}
}
