package governance

import "fmt"

// Missing are the paths of what an auditor expects and the plan does not state, in the order of the
// file. A plan that is nil states nothing.
func (p *Plan) Missing() []string {
	if p == nil {
		p = &Plan{}
	}
	var m missing
	m.text("scope.system", p.Scope.System)
	m.must("scope.covers", len(p.Scope.Covers) > 0)
	m.must("scope.excludes", p.Scope.Excludes != nil)
	for i, e := range p.Scope.Excludes {
		m.text(item("scope.excludes", i, "what"), e.What)
		m.text(item("scope.excludes", i, "why"), e.Why)
	}
	m.must("assumptions", p.Assumptions != nil)
	m.people(p)
	m.text("runbook.location", p.Runbook.Location)
	m.text("runbook.version", p.Runbook.Version)
	m.must("runbook.reviewed", !p.Runbook.Reviewed.IsZero())
	m.must("contacts", len(p.Contacts) > 0)
	for i, c := range p.Contacts {
		m.text(item("contacts", i, "role"), c.Role)
		m.text(item("contacts", i, "contact"), c.Contact)
		m.text(item("contacts", i, "escalation"), c.Escalation)
	}
	m.targets(p.Targets)
	m.must("actions", p.Actions != nil)
	for i, a := range p.Actions {
		m.text(item("actions", i, "what"), a.What)
		m.text(item("actions", i, "owner"), a.Owner)
		m.must(item("actions", i, "due"), !a.Due.IsZero())
	}
	m.must("nextDrill", !p.NextDrill.IsZero())
	return m
}

// missing are paths.
type missing []string

func (m *missing) must(path string, stated bool) {
	if !stated {
		*m = append(*m, path)
	}
}

func (m *missing) text(path, text string) { m.must(path, text != "") }

func (m *missing) people(p *Plan) {
	m.must("participants", len(p.Participants) > 0)
	for i, who := range p.Participants {
		m.text(item("participants", i, "role"), who.Role)
		m.text(item("participants", i, "name"), who.Name)
	}
	m.text("approver.role", p.Approver.Role)
	m.text("approver.name", p.Approver.Name)
	m.must("approver.approved", !p.Approver.Approved.IsZero())
}

func (m *missing) targets(t Targets) {
	for _, scenario := range Scenarios() {
		_, stated := t.RTO[scenario]
		m.must("targets.rto."+string(scenario), stated)
	}
	for _, class := range Classes() {
		_, stated := t.RPO[class]
		m.must("targets.rpo."+string(class), stated)
	}
	for _, backup := range Backups() {
		_, stated := t.Backups[backup]
		m.must("targets.backups."+string(backup), stated)
	}
}

func item(list string, i int, field string) string { return fmt.Sprintf("%s[%d].%s", list, i, field) }
