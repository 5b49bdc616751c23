package reports

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// origins say who states what drills are held against. What comes from one place is said once; only what
// comes from several places is marked at each figure.
type origins struct {
	config               string // the configuration's path
	rto, loss, schedules sources
}

// sources are the places that values of one kind come from, each once, sorted.
type sources []string

// originsOf are the origins of all that the drills are held against.
func originsOf(run Run, drills ...Drill) origins {
	o := origins{config: "the configuration"}
	if run.Config != nil && run.Config.Path != "" {
		o.config = oneLine(run.Config.Path)
	}
	for _, d := range drills {
		if d.RTO.Targeted() {
			o.rto.add(d.RTO.TargetFrom)
		}
		for _, p := range d.RPO {
			o.loss.add(p.TargetFrom)
			if p.ProjectedSeconds != nil {
				o.schedules.add(p.ScheduleFrom)
			}
		}
	}
	return o
}

func (s *sources) add(from string) {
	if at, known := slices.BinarySearch(*s, from); !known {
		*s = slices.Insert(*s, at, from)
	}
}

// kind is what one sort of value is called, and where its values come from.
type kind struct {
	name string
	from sources
}

// String says who states the targets that the drills are held against; empty where there are none.
func (o origins) String() string {
	kinds := slices.DeleteFunc([]kind{{"recovery times", o.rto}, {"data loss", o.loss}, {"backup schedules", o.schedules}},
		func(k kind) bool { return len(k.from) == 0 })
	if len(kinds) == 0 {
		return ""
	}
	if !slices.ContainsFunc(kinds, func(k kind) bool { return !slices.Equal(k.from, kinds[0].from) }) {
		return o.places(kinds[0].from)
	}
	var parts []string
	for _, k := range kinds {
		parts = append(parts, k.name+": "+o.places(k.from))
	}
	return strings.Join(parts, "; ")
}

func (o origins) places(s sources) string {
	var words []string
	for _, from := range s {
		switch from {
		case FromPlaybook:
			words = append(words, "the playbook")
		case FromConfig:
			words = append(words, o.config)
		default:
			words = append(words, notRecorded)
		}
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words, " or ") + ", as marked"
}

// mark is a value's source, where others of its kind have another; empty where all have the same.
func (o origins) mark(all sources, from string) string {
	switch {
	case len(all) < 2:
		return ""
	case from == FromPlaybook:
		return "playbook"
	case from == FromConfig:
		return filepath.Base(o.config)
	default:
		return "source " + notRecorded
	}
}

// RTO marks who states a recovery time.
func (o origins) RTO(t RTO) string {
	if !t.Targeted() {
		return ""
	}
	return o.mark(o.rto, t.TargetFrom)
}

// RPO marks who states what of a class may be lost.
func (o origins) RPO(p RPO) string { return o.mark(o.loss, p.TargetFrom) }

// Schedule marks who states the backup interval of a projection.
func (o origins) Schedule(p RPO) string {
	if p.ProjectedSeconds == nil {
		return ""
	}
	return o.mark(o.schedules, p.ScheduleFrom)
}

// rtoTarget is a recovery time's target, with who states it where that is not said elsewhere.
func (o origins) rtoTarget(t RTO) string { return marked(rtoTarget(t), o.RTO(t)) }

// rpoTarget is a class's target, with who states it where that is not said elsewhere.
func (o origins) rpoTarget(p RPO) string { return marked(duration(p.TargetSeconds), o.RPO(p)) }

// marked adds a mark in brackets; none where it is empty.
func marked(words, mark string) string {
	if mark == "" {
		return words
	}
	return fmt.Sprintf("%s (%s)", words, mark)
}

// Formula is how a loss was projected, with who states the interval where that is not said elsewhere.
func (o origins) Formula(p RPO) string {
	if mark := o.Schedule(p); mark != "" && p.Formula != "" {
		return oneLine(p.Formula) + "; interval: " + mark
	}
	return oneLine(p.Formula)
}
