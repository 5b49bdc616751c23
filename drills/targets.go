package drills

import (
	"fmt"
	"maps"
	"strings"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

// HeldTo are the drills, held to an organization's targets: the recovery time, detection and response
// of their scenario, the loss of each data class, and the schedules of their backups. What it does not
// state stays the playbook's.
func HeldTo(all []Drill, stated governance.Targets) []Drill {
	held := make([]Drill, 0, len(all))
	for _, d := range all {
		held = append(held, d.heldTo(stated))
	}
	return held
}

func (d Drill) heldTo(stated governance.Targets) Drill {
	d.Stated = stated
	o := &d.Objective
	if target, ok := stated.RTO[d.Key()]; ok && o.RTO > 0 {
		o.RTO = target.Std()
	}
	if response, ok := stated.Declared[d.Key()]; ok && o.RTO > 0 {
		o.Declared = response.Total().Std()
	}
	o.RPO = maps.Clone(o.RPO)
	for class, target := range stated.RPO {
		o.RPO[recovery.Class(class)] = target.Std()
	}
	d.Backups = append([]Backup(nil), d.Backups...)
	for i, b := range d.Backups {
		if schedule, ok := stated.Backups[b.Key()]; ok {
			d.Backups[i].Policy, d.Backups[i].Schedule = schedule.Longest(), schedule.String()
		}
	}
	return d
}

// Key is what the configuration calls the drill's scenario, as its labels say.
func (d Drill) Key() governance.Scenario {
	for _, label := range d.Labels {
		if scenario, ok := strings.CutPrefix(label, "scenario="); ok {
			return governance.Scenario(scenario)
		}
	}
	return ""
}

// Key is what the configuration calls the backup.
func (b Backup) Key() governance.Backup {
	return governance.Backup(strings.TrimSuffix(strings.TrimPrefix(b.Script, "backup-"), ".sh"))
}

// words are the schedule, as it was stated or by its interval.
func (b Backup) words() string {
	if strings.Contains(b.Schedule, " ") { // cron's
		return fmt.Sprintf("%s at %q, at most %s apart", b.Script, b.Schedule, recovery.Words(b.Policy))
	}
	return fmt.Sprintf("%s every %s", b.Script, recovery.Words(b.Policy))
}

// RTOFrom is who states the drill's recovery time; empty where nobody does.
func (d Drill) RTOFrom() string {
	if d.Objective.RTO == 0 {
		return ""
	}
	_, stated := d.Stated.RTO[d.Key()]
	return origin(stated)
}

// RPOFrom is who states what of the class may be lost; empty where nobody does.
func (d Drill) RPOFrom(class recovery.Class) string {
	if _, targeted := d.Objective.RPO[class]; !targeted {
		return ""
	}
	_, stated := d.Stated.RPO[governance.Class(class)]
	return origin(stated)
}

// From is who states the backup's interval.
func (b Backup) From() string { return origin(b.Schedule != "") }

func origin(stated bool) string {
	if stated {
		return reports.FromConfig
	}
	return reports.FromPlaybook
}
