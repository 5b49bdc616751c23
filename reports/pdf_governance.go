package reports

import (
	"strings"

	"github.com/cogitator-ai/drdrill/reports/controls"
	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// governance is what the organization states, and what it does not.
func (p pages) governance(v htmlView) {
	p.Heading(pdf.Heading{Level: 1, Words: "Governance"})
	words := "No configuration was given with this run."
	if c := v.Record.Run.Config; c != nil {
		words = "As stated in " + oneLine(c.Path) + " (SHA-256 " + oneLine(c.SHA256) + ")."
	}
	words += " What is missing is shown as missing; nothing here is made up. "
	switch n := len(v.Missing); n {
	case 0:
		words += "Nothing that an auditor will ask for is missing."
	case 1:
		words += "1 field that an auditor will ask for is missing."
	default:
		words += plural(n, "field") + " that an auditor will ask for are missing."
	}
	p.Note(words)
	var facts []pdf.Fact
	for _, s := range v.Statements {
		facts = append(facts, pdf.Fact{Name: s.Name, Words: stated(s)})
	}
	p.Facts(facts)
}

// stated are a statement's items, a line each; those that are short go side by side.
func stated(s statement) string {
	var items []string
	for _, item := range s.Items {
		var parts []string
		for _, part := range item {
			if part.Missing {
				parts = append(parts, "["+part.Text+": missing]")
			} else {
				parts = append(parts, oneLine(part.Text))
			}
		}
		items = append(items, strings.Join(parts, "; "))
	}
	if s.Short {
		return strings.Join(items, " · ")
	}
	return strings.Join(items, "\n")
}

// controls are what the drills evidence of the controls that auditors ask for.
func (p pages) controls(list []controlView) {
	p.BeginHigh()
	p.Heading(pdf.Heading{Level: 1, Words: "Controls"})
	p.Note("What these drills evidence of the controls that auditors ask for. A control is never better than the drills behind it: where one missed its " +
		"targets, so did the control, and the drill’s reasons say which. Demands are in our words; the standards’ own texts are what counts, and whether " +
		"a control is met is the auditor’s to say.")
	p.overview(list)
	for _, c := range list {
		p.control(c)
	}
}

// statusCell is a control's status in a table.
func statusCell(s controls.Status) pdf.Cell {
	return pdf.Cell{Words: string(s), Badge: true, Tone: statusTone(s)}
}

func statusTone(s controls.Status) pdf.Tone {
	switch s {
	case controls.Evidenced:
		return pdf.Good
	case controls.Partly:
		return pdf.Open
	case controls.Missed:
		return pdf.Bad
	default:
		return pdf.Soft
	}
}

// overview is a line a control.
func (p pages) overview(list []controlView) {
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "Control", Share: 33}, {Head: "Title", Share: 42}, {Head: "Status", Share: 20}, {Head: "Drills", Share: 44}}}
	for _, c := range list {
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{
			{Words: c.Standard + " " + c.ID, Bold: true, Link: c.Anchor}, {Words: c.Title}, statusCell(c.Status), {Small: c.Summary},
		}})
	}
	p.Table(t)
}

func (p pages) control(c controlView) {
	p.Heading(pdf.Heading{
		Level: 2, Words: c.Standard + " " + c.ID + " " + c.Title, Name: c.Anchor,
		Badge: pdf.Badge{Words: string(c.Status), Tone: statusTone(c.Status)}, Lead: c.Asks + " (" + c.Edition + ")",
	})
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "What drills evidence", Share: 42}, {Head: "Status", Share: 22}, {Head: "By which drills", Share: 60}}}
	for _, claim := range c.Claims {
		var drills []string
		for _, d := range claim.Drills {
			drills = append(drills, oneLine(d.Name)+": "+d.Words)
		}
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: claim.Evidences, Bold: true}, statusCell(claim.Status), {Words: strings.Join(drills, ", ")}}})
	}
	p.Table(t)
	var missing []string
	for _, need := range c.Missing {
		words := need.Text
		switch {
		case need.Stated:
			words += " [stated in drdrill.yaml: " + need.Field + "]"
		case need.Field != "":
			words += " [missing in drdrill.yaml: " + need.Field + "]"
		}
		missing = append(missing, words)
	}
	p.SmallFacts([]pdf.Fact{{Name: "Still missing", Words: strings.Join(missing, "\n")}, {Name: "No container drill can evidence", Words: c.Beyond}})
}
