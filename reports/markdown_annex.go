package reports

// findings are what the history shows.
func (m *markdown) findings(r Record) {
	if len(r.Findings) == 0 {
		return
	}
	m.line("**What the history shows**\n")
	for _, f := range r.Findings {
		m.line("- %s", inline(f))
	}
	m.line("")
}

// governance names what the organization does not state.
func (m *markdown) governance(r Record) {
	missing := r.Governance.Missing()
	m.line("<details>\n<summary>Governance: %s missing</summary>\n", plural(len(missing), "field"))
	for _, s := range statements(r.Governance, r.Run.StartedAt) {
		m.line("- **%s:** %s", s.Name, statedWords(s))
	}
	m.line("\n</details>\n")
}

// statedWords are the items of a statement on one line.
func statedWords(s statement) string {
	words := ""
	for i, item := range s.Items {
		if i > 0 {
			words += " · "
		}
		for j, p := range item {
			if j > 0 {
				words += "; "
			}
			if p.Missing {
				words += "*" + inline(p.Text) + " missing*"
			} else {
				words += inline(p.Text)
			}
		}
	}
	return words
}

// controls say how far the drills evidence each control.
func (m *markdown) controls(r Record) {
	m.line("<details>\n<summary>Controls</summary>\n")
	m.header("Control", "Title", "By its drills", "Drills")
	for _, c := range assessControls(r) {
		m.row(c.Standard+" "+c.ID, c.Title, controlSign(c.Status)+" "+string(c.Status), controlSummary(c))
	}
	m.line("\nWhat is missing for each, and what no drill can evidence, is in report.html.\n\n</details>\n")
}
