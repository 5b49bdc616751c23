package reports

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

func (p pages) rpo(v drillView) {
	p.Heading(pdf.Heading{Level: 3, Words: "Data loss"})
	if len(v.RPO) == 0 {
		p.Paragraph("Not measured: the record names no data class for this drill.")
	} else {
		p.classes(v)
		if v.Verdict == Met {
			p.Note(writesWords(v))
		} else {
			p.writes(v)
		}
	}
}

func (p pages) classes(v drillView) {
	t := pdf.Table{Low: true, Columns: []pdf.Column{
		{Head: "Class", Share: 13}, {Head: "Verdict", Share: 16}, {Head: "Target", Share: 11, Right: true}, {Head: "Observed", Share: 14, Right: true},
		{Head: "Projected", Share: 20, Right: true}, {Head: "By the store", Share: 17, Right: true}, {Head: "Protected by, and whence the figures", Share: 63},
	}}
	for _, c := range v.RPO {
		protected := cmp.Or(oneLine(c.ProtectedBy), "nothing")
		if formula := v.From.Formula(c); formula != "" {
			protected += "\nprojected: " + formula
		}
		if c.StorePosition != "" {
			protected += "\nby the store itself: " + oneLine(c.StorePosition)
		}
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{
			{Words: oneLine(c.Class), Bold: true}, badgeCell(c.Verdict), {Words: tied(duration(c.TargetSeconds)), Small: v.From.RPO(c)},
			{Words: tied(against(c.ObservedSeconds, c.TargetSeconds, notMeasured)), Bold: c.Judged == "observed"},
			{Words: tied(against(c.ProjectedSeconds, c.TargetSeconds, notProjected)), Bold: c.Judged == "projected"},
			{Words: tied(figure(c.StoreSeconds, notStated))}, {Small: tied(protected)},
		}})
	}
	p.Table(t)
}

// writes are what became of the workload's writes, a row an outcome.
func (p pages) writes(v drillView) {
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "Writes", Share: 24}, {Share: 48}}}
	for _, c := range v.RPO {
		t.Columns = append(t.Columns, pdf.Column{Head: oneLine(c.Class), Share: 18, Right: true})
	}
	for _, w := range v.Writes {
		row := pdf.Row{Cells: []pdf.Cell{{Words: w.Name}, {Small: w.Meaning}}}
		for _, c := range w.Cells {
			cell := pdf.Cell{Words: c.Words}
			switch c.Class {
			case "zero":
				cell.Tone = pdf.Soft
			case "finding":
				cell.Tone, cell.Bold = pdf.Bad, true
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
}

func (p pages) proofs(proofs []Proof) {
	if len(proofs) == 0 {
		return
	}
	p.Heading(pdf.Heading{Level: 3, Words: "Proofs"})
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "Proof", Share: 54}, {Head: "Verdict", Share: 15}, {Head: "What was found", Share: 72}}}
	for _, f := range proofs {
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: tied(oneLine(f.Name))}, badgeCell(f.Verdict), {Small: tied(oneLine(f.Detail))}}})
	}
	p.Table(t)
}

// steps are all steps of the scripts, and what they printed: it may tell why the drill did not meet its targets.
func (p pages) steps(steps []Step) {
	p.Heading(pdf.Heading{Level: 3, Words: "Steps"})
	if len(steps) == 0 {
		p.Paragraph("No step ran.")
		return
	}
	p.stepTable(steps)
}

func (p pages) stepTable(steps []Step) {
	t := pdf.Table{Columns: []pdf.Column{
		{Head: "Step", Share: 70}, {Head: "Took", Share: 18, Right: true}, {Head: "Deadline", Share: 18, Right: true}, {Head: "Exit", Share: 16, Right: true},
	}}
	for _, s := range steps {
		exit := pdf.Cell{Words: exitWords(s)}
		if failed(s) {
			exit.Tone, exit.Bold = pdf.Bad, true
		}
		t.Rows = append(t.Rows, pdf.Row{Output: printed(s.Output), Cells: []pdf.Cell{
			{Words: oneLine(s.Name), Small: oneLine(s.Script), Bold: true, Tone: exit.Tone},
			{Words: tied(duration(s.Seconds))}, {Words: tied(deadlineWords(s))}, exit,
		}})
	}
	p.Table(t)
}

// ground is what the drill's figures rest on.
func (p pages) ground(d Drill) {
	if d.Probe.Count > 0 {
		p.Heading(pdf.Heading{Level: 3, Words: "Probe"})
		p.Paragraph(probeWords(d.Probe))
	}
	if len(d.Versions) > 0 {
		p.Heading(pdf.Heading{Level: 3, Words: "Servers, as they say themselves"})
		p.Paragraph(versionWords(d.Versions))
	}
	p.settings(d.Settings)
	p.backups(d.Backups)
	p.evidence(d.Evidence)
}

// probeWords say how the service was watched.
func probeWords(probe Probe) string {
	words := oneLine(probe.Name) + ": every " + duration(probe.IntervalSeconds) + ", " + count(probe.Count) + " probes, " +
		count(probe.Failed) + " failed, slowest answer " + duration(probe.SlowestSeconds) + "."
	if probe.FirstError != "" {
		words += " First error: " + oneLine(probe.FirstError)
	}
	return tied(words)
}

// versionWords are the servers with what they say their versions are.
func versionWords(versions map[string]string) string {
	var servers []string
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		servers = append(servers, oneLine(name+" "+versions[name]))
	}
	return strings.Join(servers, " · ")
}

// settingWords are the settings where all are as wanted; false where one is not, or there is none.
func settingWords(settings []Setting) (string, bool) {
	if len(settings) == 0 || slices.ContainsFunc(settings, func(s Setting) bool { return s.Value != s.Want }) {
		return "", false
	}
	var all []string
	for _, s := range settings {
		if words := oneLine(s.Name + "=" + s.Value); !slices.Contains(all, words) { // several servers may have it
			all = append(all, words)
		}
	}
	return "All as wanted: " + strings.Join(all, " · "), true
}

func (p pages) settings(settings []Setting) {
	if len(settings) == 0 {
		return
	}
	p.Heading(pdf.Heading{Level: 3, Words: "Durability settings, as the live servers state them"})
	if words, ok := settingWords(settings); ok {
		p.Paragraph(words)
		return
	}
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "Setting", Share: 40}, {Head: "Store", Share: 20}, {Head: "Value", Share: 30}, {Head: "Wanted", Share: 30}}}
	for _, s := range settings {
		value := pdf.Cell{Words: oneLine(s.Value)}
		if s.Value != s.Want {
			value.Tone, value.Bold = pdf.Bad, true
		}
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: oneLine(s.Name)}, {Words: oneLine(s.Store)}, value, {Words: oneLine(s.Want)}}})
	}
	p.Table(t)
}

func (p pages) backups(backups []Backup) {
	if len(backups) == 0 {
		return
	}
	p.Heading(pdf.Heading{Level: 3, Words: "Backups before the fault"})
	t := pdf.Table{Low: true, Columns: []pdf.Column{
		{Head: "Script", Share: 50}, {Head: "Began", Share: 20, Right: true}, {Head: "Lag until restorable", Share: 30, Right: true}, {Head: "Exit", Share: 15, Right: true},
	}}
	for _, b := range backups {
		exit := pdf.Cell{Words: strconv.Itoa(b.ExitCode)}
		if b.ExitCode != 0 {
			exit.Tone, exit.Bold = pdf.Bad, true
		}
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: oneLine(b.Script)}, {Words: duration(b.AtSeconds)}, {Words: duration(b.LagSeconds)}, exit}})
	}
	p.Table(t)
}

func (p pages) evidence(files []Evidence) {
	var list []named
	for _, e := range files {
		list = append(list, named{name: oneLine(e.Path), digest: oneLine(e.SHA256)})
	}
	p.digests("Evidence", "The record lists no evidence for this drill.", list)
}
