package reports

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// PDF writes the record as a document on numbered pages, with what the HTML report says and the same
// pictures. It is made without a browser, and the same record gives the same bytes.
func PDF(w io.Writer, r Record) error {
	info := pdf.Info{
		Title:   capital(verdictOfRun(r)) + ": drill report " + oneLine(r.Run.ID),
		Subject: "Disaster-recovery drill report",
		Creator: "drdrill " + oneLine(r.Run.Version),
		Created: r.Run.FinishedAt,
		Header:  "Disaster-recovery drill report · run " + oneLine(r.Run.ID),
		Badge:   pdf.Badge{Words: verdictWords(r.Verdict()), Tone: tone(r.Verdict())},
		Footer:  "Rendered by drdrill " + oneLine(r.Run.Version) + " from record.json and nothing else",
	}
	err := pdf.Write(w, info, func(d *pdf.Document) { pages{d}.record(r) })
	if err != nil {
		return fmt.Errorf("write PDF report: %w", err)
	}
	return nil
}

// pages are the PDF report in the making.
type pages struct{ *pdf.Document }

// tone is how a verdict is coloured.
func tone(verdict string) pdf.Tone {
	switch verdict {
	case Met:
		return pdf.Good
	case Missed:
		return pdf.Bad
	default:
		return pdf.Open
	}
}

// badgeCell is a verdict in a table.
func badgeCell(verdict string) pdf.Cell {
	return pdf.Cell{Words: verdictWords(verdict), Badge: true, Tone: tone(verdict)}
}

// verdictCell is a drill's verdict in a table, and by whom it is accepted.
func verdictCell(v drillView) pdf.Cell {
	cell := badgeCell(v.Verdict)
	cell.Small = v.AcceptedBy
	return cell
}

func (p pages) record(r Record) {
	v := pageOf(r)
	p.front(v)
	p.summary(v)
	p.findings(r.Findings)
	p.caveats(r)
	for _, s := range v.Scenarios {
		p.scenario(s)
	}
	p.BeginHigh()
	p.governance(v)
	p.controls(v.Controls)
	p.BeginHigh()
	p.run(r.Run)
	p.signOff()
}

// scenario is one scenario of the playbook: all its recovery times, then a drill after another.
func (p pages) scenario(s scenarioView) {
	p.BeginHigh()
	p.Heading(pdf.Heading{Level: 1, Words: s.Name, Badge: pdf.Badge{Words: verdictWords(s.Tally.Worst()), Tone: tone(s.Tally.Worst())}, Lead: s.Tally.String()})
	targeted := withTarget(s.Drills)
	if len(targeted) > 0 {
		p.picture(drawOverview(targeted, paperWidth), "Measured recovery times on a logarithmic axis, with their uncertainty; the dashed line is the target.", nil)
	}
	for _, d := range s.Drills {
		p.drill(d)
	}
}

// front is what a reader has to see first.
func (p pages) front(v htmlView) {
	r := v.Record
	p.Title("Disaster-recovery drill report", capital(verdictOfRun(r)), runSentence(r), tone(r.Verdict()))
	if r.Run.Aborted != "" {
		p.Callout(pdf.Open, "The run ended early: "+oneLine(r.Run.Aborted), nil)
	}
	if problems := r.RiskProblems(); len(problems) > 0 {
		p.Callout(pdf.Open, "Accepted risks that do not hold", lineEach(problems))
	}
	missed := pdf.Number{Name: "missed", Words: strconv.Itoa(v.Tally.Missed), Tone: pdf.Bad}
	if v.Tally.Accepted > 0 {
		missed.Remark = fmt.Sprintf("%d accepted", v.Tally.Accepted)
	}
	p.Numbers([]pdf.Number{
		{Name: "met", Words: strconv.Itoa(v.Tally.Met), Tone: pdf.Good},
		missed,
		{Name: "not proven", Words: strconv.Itoa(v.Tally.NotProven), Tone: pdf.Open},
		{Name: "drills, with repetitions", Words: strconv.Itoa(len(r.Drills))},
	})
	var facts []pdf.Fact
	for _, m := range v.First.Margins {
		facts = append(facts, pdf.Fact{Name: m.Name, Words: tied(m.Share + ": " + oneLine(m.Words) + ", " + m.Drill.Heading)})
	}
	facts = append(facts, pdf.Fact{Name: "Scope", Words: oneLine(v.First.Scope)})
	if v.First.Targets != "" {
		facts = append(facts, pdf.Fact{Name: "Targets from", Words: v.First.Targets})
	}
	p.Facts(append(facts,
		pdf.Fact{Name: "Not proven by this run", Words: "A drill in containers is no test of production. Not shown: " + oneLine(v.First.Unproven)},
		pdf.Fact{Name: "Run", Words: oneLine(r.Run.ID)},
		pdf.Fact{Name: "Started", Words: instant(r.Run.StartedAt)},
		pdf.Fact{Name: "Took", Words: elapsed(r.Run.StartedAt, r.Run.FinishedAt)},
	))
}

// summary is a line a drill, with the page on which it is.
func (p pages) summary(v htmlView) {
	p.Heading(pdf.Heading{Level: 1, Words: "All drills"})
	if len(v.Scenarios) == 0 {
		p.Paragraph("No drill was run.")
		return
	}
	if len(v.First.Attention) > 0 {
		var first []string
		for _, d := range v.First.Attention {
			words := d.Heading + " is " + d.Outcome + ": " + oneLine(d.Causes[0])
			if more := len(d.Causes) - 1; more > 0 {
				words += fmt.Sprintf(" (and %d more)", more)
			}
			first = append(first, tied(words))
		}
		p.Callout(pdf.Open, "Look at these first", first)
	}
	t := pdf.Table{Columns: []pdf.Column{
		{Head: "Drill", Share: 48}, {Head: "Verdict", Share: 13}, {Head: "RTO measured", Share: 19, Right: true},
		{Head: "RTO target", Share: 12, Right: true}, {Head: "RPO of the worst class", Share: 24},
		{Head: "Lost writes", Share: 12, Right: true}, {Head: "Page", Share: 7, Right: true},
	}}
	for _, s := range v.Scenarios {
		t.Rows = append(t.Rows, pdf.Row{Group: s.Name})
		for _, d := range s.Drills {
			t.Rows = append(t.Rows, p.summaryRow(d))
		}
	}
	p.Table(t)
	p.Note("A drill’s timeline shows its outage close up: the events, the steps of the recovery as bars, and how much of the workload succeeded. " +
		"Times count from the fault; the shaded part is the outage. Of loss, the figure in bold is the one held against the target. " +
		"A drill that met its targets is brief here: report.html and record.json have its steps with what they printed, and the SHA-256 of its evidence.")
}

func (p pages) summaryRow(v drillView) pdf.Row {
	declared, page := "", ""
	if v.RTO.DeclaredSeconds > 0 && v.RTO.MeasuredSeconds != nil {
		declared = "+ " + duration(v.RTO.DeclaredSeconds) + " declared"
	}
	if n := p.Page(v.ID); n > 0 {
		page = strconv.Itoa(n)
	}
	return pdf.Row{Cells: []pdf.Cell{
		{Words: v.Heading, Small: oneLine(v.Title), Bold: true, Link: v.ID}, verdictCell(v),
		{Words: rtoMeasured(v.RTO), Small: declared}, {Words: tied(rtoTarget(v.RTO)), Small: v.From.RTO(v.RTO)},
		{Words: tied(worstRPOWords(v.Drill))}, {Words: lostWords(v.Drill)}, {Words: page, Link: v.ID},
	}}
}

// lineEach puts each text on one line.
func lineEach(texts []string) []string {
	lines := make([]string, 0, len(texts))
	for _, t := range texts {
		lines = append(lines, oneLine(t))
	}
	return lines
}

func (p pages) caveats(r Record) {
	p.Heading(pdf.Heading{Level: 1, Words: "What this run does not prove"})
	var facts []pdf.Fact
	for _, c := range caveats(r) {
		facts = append(facts, pdf.Fact{Name: c.Title, Words: c.Text})
	}
	p.Facts(facts)
}

// run is what all drills share.
func (p pages) run(run Run) {
	p.Heading(pdf.Heading{Level: 1, Words: "The run"})
	beside := "one drill after another"
	if run.Parallel > 1 {
		beside = fmt.Sprintf("up to %d drills", run.Parallel)
	}
	facts := []pdf.Fact{
		{Name: "Run", Words: oneLine(run.ID)}, {Name: "Started", Words: instant(run.StartedAt)},
		{Name: "Finished", Words: instant(run.FinishedAt)}, {Name: "Seed", Words: strconv.FormatUint(run.Seed, 10)},
		{Name: "At the same time", Words: beside}, {Name: "Host", Words: oneLine(hostWords(run.Host))},
		{Name: "Engine", Words: oneLine(engineWords(run.Engine))}, {Name: "drdrill", Words: oneLine(run.Version)},
	}
	for _, f := range runFacts(run) {
		facts = append(facts, pdf.Fact(f))
	}
	p.Facts(facts)
	p.digests("Images", "The record lists no image.", imageDigests(run.Images))
	p.digests("Scripts", "The record lists no script.", scriptDigests(run.Scripts))
}

// named is a file or an image, and its digest.
type named struct{ name, remark, digest string }

func imageDigests(images map[string]Image) []named {
	var list []named
	for _, key := range slices.Sorted(maps.Keys(images)) {
		i := images[key]
		list = append(list, named{oneLine(key), oneLine(i.Ref) + yours(i.Custom), oneLine(i.Digest)})
	}
	return list
}

func scriptDigests(scripts map[string]Script) []named {
	var list []named
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		list = append(list, named{oneLine(name) + yours(scripts[name].Custom), "", oneLine(scripts[name].SHA256)})
	}
	return list
}

// digests are a table of what was used, or say that there is none.
func (p pages) digests(title, none string, list []named) {
	p.Heading(pdf.Heading{Level: 3, Words: title})
	if len(list) == 0 {
		p.Paragraph(none)
		return
	}
	t := pdf.Table{Low: true, Columns: []pdf.Column{{Head: "Name", Share: 40}, {Head: "SHA-256", Share: 60}}}
	for _, n := range list {
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: n.name, Small: n.remark}, {Small: n.digest}}})
	}
	p.Table(t)
}

func (p pages) signOff() {
	p.Heading(pdf.Heading{Level: 3, Words: "Sign-off"})
	p.Lines([]string{"Reviewed by", "Date", "Signature"})
}
