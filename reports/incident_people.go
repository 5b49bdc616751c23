package reports

import (
	"fmt"
	"strings"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// The roles that add what a record cannot know. The playbook names the first two as contacts.
const (
	onCall       = "on-call engineer"
	platformLead = "platform lead"
	serviceOwner = "owner of the service"
	runbookOwner = "owner of the runbook"
)

// missing says that the record does not know something, and who has to add it: with the name, where the
// configuration has the role among the participants.
func (m *incident) missing(role string) string {
	if names := m.named(role); names != "" {
		role += " (" + names + ")"
	}
	return "*" + notRecorded + "; the " + role + " adds it*"
}

// named are the names of the participants of a role.
func (m *incident) named(role string) string {
	var names []string
	for _, w := range m.plan.Participants {
		if strings.EqualFold(strings.TrimSpace(w.Role), role) && w.Name != "" {
			names = append(names, inline(w.Name))
		}
	}
	return strings.Join(names, ", ")
}

// people are those who took part, in the configuration's words.
func (m *incident) people() string {
	return m.statedAs("participants", itemsOf(m.plan.Participants, func(w governance.Participant) statedItem {
		return statedItem{part("role", w.Role), part("name", w.Name)}
	}))
}

// contacts are whom an alert would have had to reach.
func (m *incident) contacts() string {
	return m.statedAs("contacts", itemsOf(m.plan.Contacts, func(c governance.Contact) statedItem {
		return statedItem{part("role", c.Role), part("contact", c.Contact), part("escalation", c.Escalation)}
	}))
}

// statedAs are the items of a field of the configuration, or that it has none.
func (m *incident) statedAs(field string, items []statedItem) string {
	if len(items) == 0 {
		return fmt.Sprintf("*%s; %s in drdrill.yaml would name them*", notRecorded, field)
	}
	return statedWords(statement{Items: items})
}

// runbook says which runbook has to be updated.
func (m *incident) runbook() string {
	b := m.plan.Runbook
	if b == (governance.Runbook{}) {
		return ""
	}
	return " (" + statedWords(statement{Items: []statedItem{{
		part("location", b.Location), part("version", after("version ", b.Version)), part("last review", after("last reviewed ", b.Reviewed.String())),
	}}}) + ")"
}

// after is a text with what goes before it; nothing where the text is empty.
func after(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// owners say whose the action items are. The record has owners of none but the actions of earlier drills.
func (m *incident) owners() string {
	words := m.missing(platformLead)
	if n := len(m.plan.Actions); n > 0 {
		words += ". report.html has the " + plural(n, "action") + " of earlier drills with theirs, under Governance"
	}
	return words
}

// itemsOf are the values as items, none where there are none.
func itemsOf[T any](values []T, of func(T) statedItem) []statedItem {
	items := make([]statedItem, 0, len(values))
	for _, v := range values {
		items = append(items, of(v))
	}
	return items
}
