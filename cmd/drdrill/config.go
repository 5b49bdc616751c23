package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// config is what a run is configured with; zero where nothing is.
type config struct {
	file *reports.Config
	plan *governance.Plan
}

// bindConfig is the flag that names the configuration.
func bindConfig(f *pflag.FlagSet, file *string) {
	f.StringVar(file, "config", "", "read targets, scope and people from this `file` (default: "+governance.FileName+" where there is one)")
}

// config is the configuration that the flag names, or else the usual one.
func (p program) config(cmd *cobra.Command, file string) (config, error) {
	if cmd.Flags().Changed("config") && file == "" {
		return config{}, usage(`--config "": name a file, such as %s`, governance.FileName)
	}
	return p.loadConfig(file)
}

// loadConfig reads the file that is named, or else drdrill.yaml where there is one. A file that cannot
// be used is a UsageError: a run that ignored it would be judged by other targets than those it states.
func (p program) loadConfig(path string) (config, error) {
	if path == "" {
		path = governance.FileName
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return config{}, nil
		}
	}
	plan, sum, err := governance.Load(path, p.drillNames())
	var invalid *governance.InvalidError
	switch {
	case errors.As(err, &invalid):
		return config{}, usage("the configuration cannot be used\n%w", invalid)
	case err != nil:
		return config{}, usage("%w", err)
	}
	return config{&reports.Config{Path: path, SHA256: sum}, plan}, nil
}

// drillNames are the names of all drills.
func (p program) drillNames() []string {
	return each(p.catalogue, func(d drills.Drill) string { return d.Name })
}

// hold are the drills, held to the targets that are configured.
func (c config) hold(all []drills.Drill) []drills.Drill {
	if c.plan == nil {
		return all
	}
	return drills.HeldTo(all, c.plan.Targets)
}

// note puts the configuration into a record.
func (c config) note(r *reports.Record) { r.Run.Config, r.Governance = c.file, c.plan }

// words say by whose targets a run is judged.
func (c config) words() string {
	if c.file == nil {
		return "none: the playbook's targets; drdrill init writes one"
	}
	words := c.file.Path
	if n := len(c.plan.Missing()); n > 0 {
		words += fmt.Sprintf(", without %s that an auditor expects", quantity(n, "field"))
	}
	return words
}
