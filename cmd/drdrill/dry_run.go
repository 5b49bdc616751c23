package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
	"github.com/cogitator-ai/drdrill/fixtures/images"
)

// planned is a plan as data, for people and for --json.
type planned struct {
	Drills   []description     `json:"drills"`
	Repeat   int               `json:"repeat"`
	Parallel int               `json:"parallel"`
	Seed     uint64            `json:"seed"`
	Rate     int               `json:"rate"` // 0: each drill's own
	Scale    string            `json:"scale"`
	Images   map[string]string `json:"images"`
	// Set are the choices that --set makes.
	Set map[string]string `json:"set"`
	// Replaced are the scripts that --scripts replaces.
	Replaced []string `json:"replacedScripts"`
	// LeftOut are entries of that folder that cannot be taken.
	LeftOut []string `json:"leftOut"`
	Out     string   `json:"out"`
	// Config is the configuration that the targets are from; empty where they are the playbook's.
	Config string `json:"config"`
	// words say the same to people.
	words string
}

// printPlan shows what a run would do. It starts nothing and needs no engine.
func (p program) printPlan(plan drills.Plan, o runOptions) error {
	would := planned{
		Repeat: plan.Repeat, Parallel: plan.Parallel, Seed: plan.Seed, Rate: plan.EffectiveRate(),
		Scale: plan.Scale.Name, Images: imagesOf(plan), Set: plan.Choices, Replaced: []string{}, LeftOut: []string{}, Out: plan.Dir,
		words: o.config.words(),
	}
	if o.config.file != nil {
		would.Config = o.config.file.Path
	}
	for _, d := range plan.Drills {
		would.Drills = append(would.Drills, describe(d))
	}
	scripts, err := drills.ReadScripts(plan.Scripts)
	if err != nil {
		return err
	}
	would.Replaced = append(would.Replaced, scripts.Replaced...)
	would.LeftOut = append(would.LeftOut, scripts.LeftOut...)
	if o.json {
		return writeJSON(p.stdout, would)
	}
	return p.print(would.text())
}

// imagesOf are the images that the plan's drills run on, by key.
func imagesOf(plan drills.Plan) map[string]string {
	refs := map[string]string{}
	for _, d := range plan.Drills {
		for _, key := range d.Needs.ImageKeys() {
			refs[key] = images.Ref(key)
			if other, ok := plan.Images[key]; ok {
				refs[key] = other
			}
		}
	}
	return refs
}

func (would planned) text() string {
	w := &strings.Builder{}
	fmt.Fprintf(w, "Dry run: nothing is started. Would run %s.\n", would.sentence())
	for _, d := range would.Drills {
		fmt.Fprintf(w, "\n%s: %s\n", d.Name, d.Title)
		field(w, "  stack", strings.Join(d.Stack, ", "))
		field(w, "  fault", d.Fault)
		field(w, "  backups", each(d.Backups, backupWords)...)
		field(w, "  scripts", d.Scripts...)
		field(w, "  targets", rtoWords(d.Targets), "RPO "+rpoWords(d.Targets.RPO))
	}
	w.WriteByte('\n')
	var refs []string
	for _, key := range slices.Sorted(maps.Keys(would.Images)) {
		refs = append(refs, fmt.Sprintf("%-9s %s", key, would.Images[key]))
	}
	field(w, "images", refs...)
	if scale, ok := archive.ByName(would.Scale); ok {
		field(w, "scale", scaleLine(scale))
	}
	field(w, "set", choiceLines(would.Set)...)
	field(w, "replaced", would.Replaced...)
	field(w, "left out", would.LeftOut...)
	field(w, "config", would.words)
	field(w, "output", would.Out)
	return w.String()
}

// sentence sums the run up: 2 drills, 3 times each, one after another, with seed 42.
func (would planned) sentence() string {
	parts := []string{quantity(len(would.Drills), "drill")}
	if would.Repeat > 1 {
		parts = append(parts, fmt.Sprintf("%d times each", would.Repeat))
	}
	switch {
	case would.Parallel > 1:
		parts = append(parts, fmt.Sprintf("up to %d at the same time", would.Parallel))
	case len(would.Drills)*would.Repeat > 1:
		parts = append(parts, "one after another")
	}
	parts = append(parts, fmt.Sprintf("with seed %d", would.Seed))
	if would.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%d writes a second and class", would.Rate))
	}
	return strings.Join(parts, ", ")
}
