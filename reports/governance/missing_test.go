package governance

import (
	"slices"
	"testing"
	"time"
)

// full is a plan that lacks nothing.
func full() *Plan {
	p := &Plan{
		Scope:        Scope{System: "Cogitator", Covers: []string{"PostgreSQL"}, Excludes: []Exclusion{{"the network", "its provider drills it"}}},
		Assumptions:  []string{"the object store survives"},
		Participants: []Participant{{"on-call engineer", "somebody"}},
		Approver:     Approver{"head of platform", "somebody else", NewDate(2026, 10, 1)},
		Runbook:      Runbook{"docs/runbook.md", "v7", NewDate(2026, 9, 1)},
		Contacts:     []Contact{{"on-call engineer", "the pager", "after 15 minutes"}},
		Actions:      []Action{{What: "archive the log", Owner: "platform", Due: NewDate(2026, 12, 1)}},
		NextDrill:    NewDate(2027, 2, 1),
		Targets:      Targets{RTO: map[Scenario]Duration{}, RPO: map[Class]Duration{}, Backups: map[Backup]Schedule{}},
	}
	for _, s := range Scenarios() {
		p.Targets.RTO[s] = Duration(time.Minute)
	}
	for _, c := range Classes() {
		p.Targets.RPO[c] = 0
	}
	for _, b := range Backups() {
		p.Targets.Backups[b] = Every(time.Hour)
	}
	return p
}

func TestMissing(t *testing.T) {
	if got := full().Missing(); len(got) > 0 {
		t.Errorf("a full plan lacks %q", got)
	}
	for want, spoil := range map[string]func(*Plan){
		"scope.system":           func(p *Plan) { p.Scope.System = "" },
		"scope.covers":           func(p *Plan) { p.Scope.Covers = []string{} },
		"scope.excludes":         func(p *Plan) { p.Scope.Excludes = nil },
		"scope.excludes[0].what": func(p *Plan) { p.Scope.Excludes[0].What = "" },
		"scope.excludes[0].why":  func(p *Plan) { p.Scope.Excludes[0].Why = "" },
		"assumptions":            func(p *Plan) { p.Assumptions = nil },
		"participants":           func(p *Plan) { p.Participants = nil },
		"participants[0].role":   func(p *Plan) { p.Participants[0].Role = "" },
		"participants[0].name":   func(p *Plan) { p.Participants[0].Name = "" },
		"approver.role":          func(p *Plan) { p.Approver.Role = "" },
		"approver.name":          func(p *Plan) { p.Approver.Name = "" },
		"approver.approved":      func(p *Plan) { p.Approver.Approved = Date{} },
		"runbook.location":       func(p *Plan) { p.Runbook.Location = "" },
		"runbook.version":        func(p *Plan) { p.Runbook.Version = "" },
		"runbook.reviewed":       func(p *Plan) { p.Runbook.Reviewed = Date{} },
		"contacts":               func(p *Plan) { p.Contacts = nil },
		"contacts[0].role":       func(p *Plan) { p.Contacts[0].Role = "" },
		"contacts[0].contact":    func(p *Plan) { p.Contacts[0].Contact = "" },
		"contacts[0].escalation": func(p *Plan) { p.Contacts[0].Escalation = "" },
		"targets.rto.redis":      func(p *Plan) { delete(p.Targets.RTO, "redis") },
		"targets.rpo.runs":       func(p *Plan) { delete(p.Targets.RPO, "runs") },
		"targets.backups.config": func(p *Plan) { delete(p.Targets.Backups, "config") },
		"actions":                func(p *Plan) { p.Actions = nil },
		"actions[0].what":        func(p *Plan) { p.Actions[0].What = "" },
		"actions[0].owner":       func(p *Plan) { p.Actions[0].Owner = "" },
		"actions[0].due":         func(p *Plan) { p.Actions[0].Due = Date{} },
		"nextDrill":              func(p *Plan) { p.NextDrill = Date{} },
	} {
		p := full()
		spoil(p)
		if got := p.Missing(); !slices.Equal(got, []string{want}) {
			t.Errorf("without %s: missing are %q", want, got)
		}
	}
}

// An empty list states that there are none, where that can be.
func TestNothingIsAStatement(t *testing.T) {
	p := full()
	p.Scope.Excludes, p.Assumptions, p.Actions = []Exclusion{}, []string{}, []Action{}
	if got := p.Missing(); len(got) > 0 {
		t.Errorf("missing are %q", got)
	}
}

func TestMissingOfNothing(t *testing.T) {
	var none *Plan
	if got, want := none.Missing(), (&Plan{}).Missing(); !slices.Equal(got, want) || len(got) < 25 {
		t.Errorf("without a plan %q, of an empty one %q", got, want)
	}
}
