package drills

import (
	"io/fs"

	"github.com/cogitator-ai/drdrill/fixtures/archive"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/reports"
)

// Plan is what a run is asked to do.
type Plan struct {
	RunID   string
	Version string // of drdrill, for the record
	Drills  []Drill
	Repeat  int // how often each drill runs; every repetition stays in the record
	// Parallel is how many drills run at the same time, those of other plans too. More than one makes figures noisier,
	// and the record says so.
	Parallel int
	Seed     uint64
	Rate     int // writes a second and class; 0 is each drill's own
	// Scale is how much is in the stores beside what the workload writes; zero is the usual scale.
	Scale archive.Scale
	// Scripts hold the scripts that replace drdrill's by name; nil replaces none. ReadScripts refuses useless ones.
	Scripts fs.FS
	// Revisions say of which commits the scripts are, for the record.
	Revisions *reports.Revisions
	// Images replace drdrill's images by key.
	Images map[string]string
	// Choices are what was chosen about the stacks, by the keys of fixtures.Choices.
	Choices  map[string]string
	Dir      string // the run's folder; evidence goes below it
	Observer Observer
}

// atATime is how many drills run at the same time; a plan that says nothing runs one after another.
func (p Plan) atATime() int { return max(1, p.Parallel) }

// EffectiveRate is how many writes a second of each class are issued; 0 is each drill's own. Drills that run side by side load
// the machine as much as one that runs alone, unless the plan says otherwise.
func (p Plan) EffectiveRate() int {
	if p.Rate == 0 && p.atATime() > 1 {
		return max(1, workload.DefaultRate/p.atATime())
	}
	return p.Rate
}

// overlaps says whether a drill is prepared while the one before it is finished. Machines that have room for the data of
// two stacks are taken for granted at the usual scale alone.
func (p Plan) overlaps() bool { return p.scale().Name == archive.Usual().Name }

// scale is the plan's, or the usual one.
func (p Plan) scale() archive.Scale {
	if p.Scale.Name == "" {
		return archive.Usual()
	}
	return p.Scale
}

// keys are the images that the plan's drills need.
func (p Plan) keys() []string {
	var keys []string
	seen := map[string]bool{}
	for _, d := range p.Drills {
		for _, key := range d.Needs.ImageKeys() {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// UsageError is a plan that cannot be run as asked: an unknown image, a scripts folder without a
// known name. Nothing was started.
type UsageError struct{ Err error }

func (e UsageError) Error() string { return e.Err.Error() }

func (e UsageError) Unwrap() error { return e.Err }
