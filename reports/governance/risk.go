package governance

import (
	"fmt"
	"slices"
	"strings"
)

// Risk is a miss that is accepted for a time: something that a drill shows, that is known, and that somebody answers for.
type Risk struct {
	// Drill is the drill that misses.
	Drill Drill `json:"drill" jsonschema:"required,minLength=1" redact:"-"`
	// Class is the data class of which more is lost than its target allows; damage to it is not accepted by that. With neither a class nor a finding, whatever the drill misses is accepted.
	Class Class `json:"class,omitzero" redact:"-"`
	// Finding is what else is missed, as the record calls it: rto, or the name of a proof or script.
	Finding string `json:"finding,omitzero" redact:"-"`
	// Reason is why it is missed, and why that is accepted.
	Reason string `json:"reason" jsonschema:"required,minLength=1"`
	// Owner is who sees to it.
	Owner string `json:"owner" jsonschema:"required,minLength=1"`
	// AcceptedBy is who answers for it.
	AcceptedBy string `json:"acceptedBy" jsonschema:"required,minLength=1"`
	// Expires is the last day on which it is accepted.
	Expires Date `json:"expires" jsonschema:"required,minLength=1"`
}

// Drill is the name of one of the catalogue's drills.
type Drill string

// Of is the name of the one finding that the risk is of; empty where it is of all.
func (r Risk) Of() string {
	if r.Class != "" {
		return "rpo " + string(r.Class)
	}
	return r.Finding
}

// isWrong says that a problem was found with the value of the path itself.
func (d *decoder) isWrong(path string) bool {
	at, stated := d.at[path]
	return stated && slices.ContainsFunc(d.found, func(p Problem) bool { return p.Line == at.line && p.Column == at.column })
}

// checkRisks wants that every risk says what it is of, and who answers for it until when.
func (d *decoder) checkRisks(p *Plan) {
	for i, r := range p.Risks {
		path := fmt.Sprintf("risks[%d]", i)
		var absent []string
		for _, field := range []struct {
			name   string
			absent bool
		}{
			{"drill", r.Drill == ""}, {"reason", r.Reason == ""}, {"owner", r.Owner == ""}, {"acceptedBy", r.AcceptedBy == ""}, {"expires", r.Expires.IsZero()},
		} {
			if field.absent && !d.isWrong(path+"."+field.name) {
				absent = append(absent, field.name)
			}
		}
		if len(absent) > 0 {
			d.find(d.at[path], "%s: a risk without its %s is not accepted: state it", path, strings.Join(absent, ", "))
		}
		if first := slices.IndexFunc(p.Risks, func(other Risk) bool { return other.Drill == r.Drill && other.Of() == r.Of() }); first < i {
			d.find(d.at[path], "%s: the same is accepted by risks[%d] already", path, first)
		}
		if r.Class != "" && r.Finding != "" {
			d.find(d.at[path+".finding"], "%s: give a class or a finding: make it two risks to accept both", path)
		}
	}
}
