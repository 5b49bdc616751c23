package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

// statement is one row of what the organization states, or does not.
type statement struct {
	Name  string
	Items []statedItem
	Short bool // its items are figures that go side by side
}

// statedItem is one item of a statement: its parts in a line.
type statedItem []statedPart

// statedPart is a word or figure of an item. A part that is missing holds what is missing of it.
type statedPart struct {
	Text    string
	Missing bool
}

// statements are all that governance can state, in the order of the configuration. What is missing is
// there as missing; at is when the run began, by which actions are overdue.
func statements(p *governance.Plan, at time.Time) []statement {
	if p == nil {
		p = &governance.Plan{}
	}
	return slices.Concat(scopeStatements(p), peopleStatements(p), targetStatements(p.Targets), nextStatements(p, at))
}

func scopeStatements(p *governance.Plan) []statement {
	excludes := list("exclusions", p.Scope.Excludes, func(e governance.Exclusion) statedItem {
		return statedItem{part("what", e.What), part("reason", e.Why)}
	})
	assumptions := list("assumptions", p.Assumptions, func(a string) statedItem { return statedItem{{Text: oneLine(a)}} })
	return []statement{
		{Name: "System", Items: []statedItem{{part("system", p.Scope.System)}}},
		{Name: "Covers", Items: needed("parts that are covered", p.Scope.Covers, func(c string) statedItem { return statedItem{{Text: oneLine(c)}} })},
		{Name: "Leaves out", Items: excludes},
		{Name: "Assumptions", Items: assumptions},
	}
}

func peopleStatements(p *governance.Plan) []statement {
	return []statement{
		{Name: "Participants", Items: needed("participants", p.Participants, func(w governance.Participant) statedItem {
			return statedItem{part("role", w.Role), part("name", w.Name)}
		})},
		{Name: "Approver of the plan", Items: []statedItem{{part("role", p.Approver.Role), part("name", p.Approver.Name), onDay("day of approval", p.Approver.Approved)}}},
		{Name: "Runbook", Items: []statedItem{{part("location", p.Runbook.Location), part("version", p.Runbook.Version), onDay("last review", p.Runbook.Reviewed)}}},
		{Name: "Emergency contacts", Items: needed("contacts", p.Contacts, func(c governance.Contact) statedItem {
			return statedItem{part("role", c.Role), part("contact", c.Contact), part("escalation", c.Escalation)}
		})},
	}
}

func targetStatements(t governance.Targets) []statement {
	rows := []statement{
		{Name: "Recovery time objectives", Items: mapped(governance.Scenarios(), t.RTO), Short: true},
		{Name: "Recovery point objectives", Items: mapped(governance.Classes(), t.RPO), Short: true},
		{Name: "Backup schedules", Items: mapped(governance.Backups(), t.Backups), Short: true},
	}
	var declared []statedItem
	for _, s := range governance.Scenarios() {
		if d, ok := t.Declared[s]; ok {
			declared = append(declared, statedItem{{Text: fmt.Sprintf("%s: detection %s, response %s", s, d.Detection, d.Response)}})
		}
	}
	if declared == nil { // which is nobody's fault: the drills say so themselves
		declared = []statedItem{{{Text: "none: the responder sits at the keyboard"}}}
	}
	return append(rows, statement{Name: "Declared delays", Items: declared})
}

func nextStatements(p *governance.Plan, at time.Time) []statement {
	actions := list("corrective actions", p.Actions, func(a governance.Action) statedItem {
		return statedItem{part("what", a.What), part("owner", a.Owner), onDay("due date", a.Due), {Text: actionState(a, at)}}
	})
	return append(riskStatements(p.Risks), []statement{{Name: "Corrective actions", Items: actions}, {Name: "Next drill", Items: []statedItem{{onDay("day of the next drill", p.NextDrill)}}}}...)
}

// riskStatements are the risks that are accepted, of drills that did not run too; none where none is, which is nobody's fault.
func riskStatements(risks []governance.Risk) []statement {
	if len(risks) == 0 {
		return nil
	}
	s := statement{Name: "Accepted risks"}
	for _, r := range risks {
		risk := Risk{Risk: r}
		s.Items = append(s.Items, statedItem{
			{Text: risk.name()}, {Text: Acceptance{r.Expires, r.AcceptedBy}.words()}, {Text: "owner " + oneLine(r.Owner)}, {Text: oneLine(r.Reason)},
		})
	}
	return []statement{s}
}

// actionState says whether an action was done when the run began.
func actionState(a governance.Action, at time.Time) string {
	switch {
	case !a.Done.IsZero():
		return "done " + a.Done.String()
	case !a.Due.IsZero() && at.After(a.Due.Time().AddDate(0, 0, 1)):
		return "overdue"
	default:
		return "open"
	}
}

func part(name, text string) statedPart {
	if text == "" {
		return statedPart{name, true}
	}
	return statedPart{Text: oneLine(text)}
}

func onDay(name string, d governance.Date) statedPart { return part(name, d.String()) }

// needed are the items of a list that must not be empty.
func needed[T any](name string, values []T, of func(T) statedItem) []statedItem {
	if len(values) == 0 {
		return []statedItem{{{name, true}}}
	}
	items := make([]statedItem, len(values))
	for i, v := range values {
		items[i] = of(v)
	}
	return items
}

// list are the items of a list that may be empty when that is stated.
func list[T any](name string, values []T, of func(T) statedItem) []statedItem {
	if values != nil && len(values) == 0 {
		return []statedItem{{{Text: "none, as stated"}}}
	}
	return needed(name, values, of)
}

// mapped are the values by key, in the order of the keys; a key without a value is missing.
func mapped[K ~string, V fmt.Stringer](keys []K, values map[K]V) []statedItem {
	items := make([]statedItem, len(keys))
	for i, k := range keys {
		if v, ok := values[k]; ok {
			items[i] = statedItem{{Text: string(k) + ": " + oneLine(v.String())}}
		} else {
			items[i] = statedItem{{string(k), true}}
		}
	}
	return items
}

// states says whether a plan states a field and all that an auditor expects below it.
func states(p *governance.Plan, field string) bool {
	if p == nil {
		return false
	}
	return !slices.ContainsFunc(p.Missing(), func(path string) bool { return concerns(path, field) })
}

// concerns says whether a path is a field’s or lies below it.
func concerns(path, field string) bool {
	return path == field || strings.HasPrefix(path, field+".") || strings.HasPrefix(path, field+"[")
}
