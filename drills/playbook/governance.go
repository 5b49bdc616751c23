package playbook

import (
	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// Targets are the playbook's, as a configuration states them. The schedule of a backup is the shortest
// interval that a drill assumes: with it the targets can be met in every drill, even when the newest
// backup is damaged.
func Targets() governance.Targets { return targetsOf(Drills()) }

func targetsOf(catalogue []drills.Drill) governance.Targets {
	t := governance.Targets{
		RTO:     map[governance.Scenario]governance.Duration{},
		RPO:     map[governance.Class]governance.Duration{},
		Backups: map[governance.Backup]governance.Schedule{},
	}
	for _, d := range catalogue {
		if d.Objective.RTO > 0 {
			t.RTO[d.Key()] = governance.Duration(d.Objective.RTO)
		}
		for class, target := range d.Objective.RPO {
			t.RPO[governance.Class(class)] = governance.Duration(target)
		}
		for _, b := range d.Backups {
			if other, ok := t.Backups[b.Key()]; !ok || b.Policy < other.Longest() {
				t.Backups[b.Key()] = governance.Every(b.Policy)
			}
		}
	}
	return t
}
