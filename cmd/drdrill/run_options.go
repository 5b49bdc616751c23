package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

// resultsDir holds the folders of runs that name none of their own.
const resultsDir = "drill-results"

// runOptions are the flags of run as given.
type runOptions struct {
	labels     []string
	scripts    string
	images     []string
	choices    []string
	repeat     int
	parallel   int
	rate       int
	scale      string
	seed       uint64
	seedGiven  bool
	out        string
	history    string
	baseline   string
	configFile string
	config     config // what that file, or the usual one, holds
	dryRun     bool
	noProgress bool
	json       bool
	key        string
}

func (o *runOptions) bind(f *pflag.FlagSet) {
	f.StringArrayVar(&o.labels, "label", nil, "only drills that carry this `label`, such as store=redis; several must all match")
	f.StringVar(&o.scripts, "scripts", "", "take scripts from this `folder` where it has one of that name")
	f.StringArrayVar(&o.images, "image", nil, "use another image, as `key=reference`, such as postgres=pgvector/pgvector:pg17")
	f.StringArrayVar(&o.choices, "set", nil, "choose a setting of the stack, as `key=value`; "+fixtures.WorkerSettingsKey+" is tuned, or defaults for those of the queue's library")
	f.IntVar(&o.repeat, "repeat", 1, "run each drill `n` times; every repetition is in the record and the worst counts")
	f.IntVar(&o.parallel, "parallel", 1, "run up to `n` drills at the same time, each of which asks and writes less often; figures get noisier, and the record says so")
	f.IntVar(&o.rate, "rate", 0, "writes a second and data class; 0 is each drill's own `rate`")
	f.StringVar(&o.scale, "scale", archive.Usual().Name, "fill the stores to this `size` beside what the workload writes: "+scaleWords())
	f.Uint64Var(&o.seed, "seed", 0, "repeat the random choices of the run with this `seed` (default: a new one)")
	f.StringVar(&o.out, "out", "", "write the record and reports to this `folder` (default: "+resultsDir+"/<run id>)")
	f.StringVar(&o.history, "history", "", "enter the run into the history in this `file` (default: history.jsonl beside the run's folder)")
	f.StringVar(&o.baseline, "baseline", "", "also hold recovery times against this `run`: last, or a run's folder, record or id")
	bindConfig(f, &o.configFile)
	f.StringVar(&o.key, "key", "", "sign the run with this private key, a `file` that drdrill key new made")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would run and start nothing; needs no engine")
	f.BoolVar(&o.noProgress, "no-progress", false, "dated lines instead of the live view")
	f.BoolVar(&o.json, "json", false, "print the record on stdout and the news on stderr")
}

// plan turns the flags and the configuration into a plan; a flag that cannot be carried out is a UsageError.
func (p program) plan(o runOptions, names []string) (drills.Plan, error) {
	picked, err := pick(p.catalogue, names, o.labels)
	if err != nil {
		return drills.Plan{}, err
	}
	if err := o.checkNumbers(); err != nil {
		return drills.Plan{}, err
	}
	images, err := parseImages(o.images)
	if err != nil {
		return drills.Plan{}, err
	}
	choices, err := parseChoices(o.choices)
	if err != nil {
		return drills.Plan{}, err
	}
	scale, err := parseScale(o.scale)
	if err != nil {
		return drills.Plan{}, err
	}
	scripts, err := openScripts(o.scripts)
	if err != nil {
		return drills.Plan{}, err
	}
	id := newRunID(p.now())
	dir := o.out
	if dir == "" {
		dir = filepath.Join(resultsDir, id)
	}
	if !o.seedGiven {
		o.seed = uint64(rand.Uint32()) // short enough to be typed again
	}
	return drills.Plan{
		RunID: id, Version: p.version, Drills: o.config.hold(picked), Repeat: o.repeat, Parallel: o.parallel,
		Seed: o.seed, Rate: o.rate, Scale: scale, Scripts: scripts, Images: images, Choices: choices, Dir: dir,
	}, nil
}

func (o runOptions) checkNumbers() error {
	switch {
	case o.repeat < 1:
		return usage("--repeat %d: give 1 or more", o.repeat)
	case o.parallel < 1:
		return usage("--parallel %d: give 1 or more", o.parallel)
	case o.rate < 0:
		return usage("--rate %d: give 1 or more, or 0 for each drill's own", o.rate)
	}
	return nil
}

// newRunID is an id that sorts by time and that two runs of one second do not share.
func newRunID(now time.Time) string {
	return fmt.Sprintf("%s-%04x", now.UTC().Format("20060102-150405"), rand.N(1<<16))
}

// openScripts is the folder of replacement scripts; nil where none is named.
func openScripts(dir string) (fs.FS, error) {
	if dir == "" {
		return nil, nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, usage("--scripts: %w", err)
	}
	if !info.IsDir() {
		return nil, usage("--scripts %s: not a folder", dir)
	}
	scripts := os.DirFS(dir)
	if _, err := drills.ReadScripts(scripts); err != nil {
		return nil, usage("--scripts %s: %w", dir, err)
	}
	return scripts, nil
}
