package reports

import (
	"fmt"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// drill writes all that is known of one drill, in the order of the HTML report.
func (p pages) drill(v drillView) {
	p.Heading(pdf.Heading{
		Level: 2, Words: v.Heading, Badge: pdf.Badge{Words: verdictWords(v.Verdict), Tone: tone(v.Verdict)},
		Lead: oneLine(v.Title), Name: v.ID,
	})
	p.Numbers([]pdf.Number{
		{Name: "RTO measured", Words: rtoMeasured(v.RTO), Remark: "target " + v.From.rtoTarget(v.RTO)},
		worstRPONumber(v.Drill),
		{Name: "Lost writes", Words: lostWords(v.Drill)},
		{Name: "Proofs met", Words: fmt.Sprintf("%d of %d", v.Proven, len(v.Proofs))},
	})
	if len(v.Causes) > 0 {
		p.Callout(tone(v.Verdict), "Why it is "+verdictWords(v.Verdict), lineEach(v.Causes))
	}
	if len(v.Risks) > 0 {
		var risks []string
		for _, risk := range v.Risks {
			risks = append(risks, risk.Of+": "+risk.Words)
		}
		p.Callout(pdf.Soft, "Accepted risks", risks)
	}
	if todo := advice(v.Drill); len(todo) > 0 {
		p.Callout(pdf.Plain, "What to do", lineEach(todo))
	}
	p.story(v.Drill)
	p.timeline(v)
	if v.Verdict == Met {
		p.brief(v)
		return
	}
	p.rto(v)
	p.rpo(v)
	p.proofs(v.Proofs)
	p.steps(v.Steps)
	p.trend(v.Drill)
	p.ground(v.Drill)
}

const noRTOWords = "The playbook states no recovery time for this: the drill is judged by its checks."

// worstRPONumber is the class that came off worst.
func worstRPONumber(d Drill) pdf.Number {
	n := pdf.Number{Name: "RPO of the worst class", Words: "no class"}
	if c, ok := worstRPO(d); ok {
		n.Words, n.Remark = tied(oneLine(c.Class)+": "+against(judgedRPO(c), c.TargetSeconds, notMeasured)), "target "+duration(c.TargetSeconds)
		if c.Judged == "projected" && c.ProjectedSeconds != nil {
			n.Remark += ", projected"
		}
	}
	return n
}

func (p pages) story(d Drill) {
	var facts []pdf.Fact
	for _, f := range []pdf.Fact{
		{Name: "Fault", Words: d.Fault}, {Name: "What it hit", Words: d.Hit}, {Name: "Recovery rehearsed", Words: d.Recovery},
		{Name: "To be proven", Words: d.Proves}, {Name: "Workers’ queue settings", Words: workerWords(d.Workers)},
		{Name: "There beside the workload’s writes", Words: archiveWords(d.Archive)}, {Name: "Has to be different afterwards", Words: changeWords(d.Changes)},
		{Name: "Does not show", Words: d.Limits},
	} {
		if f.Words = tied(oneLine(f.Words)); f.Words != "" {
			facts = append(facts, f)
		}
	}
	p.SmallFacts(facts)
}

func (p pages) timeline(v drillView) {
	p.Heading(pdf.Heading{Level: 3, Words: "Timeline"})
	if len(v.Timeline) == 0 {
		p.Paragraph("No event was recorded.")
		return
	}
	width := paperWidth
	if v.Verdict == Met {
		width = 1.15 * paperWidth // a little smaller: nobody has to search it
	}
	p.picture(drawTimeline(v.Drill, width), "", timelineKeys(v.Drill))
	if len(v.Activity) > 0 && v.Verdict != Met { // the share that succeeded is in the picture above
		p.picture(drawActivity(v.Drill, paperWidth), "The workload over the whole drill, in writes a second.", activityKeys(v.Drill))
	}
}

func (p pages) rto(v drillView) {
	p.Heading(pdf.Heading{Level: 3, Words: "Recovery time", Badge: pdf.Badge{Words: verdictWords(v.RTO.Verdict), Tone: tone(v.RTO.Verdict)}})
	if !v.RTO.Targeted() {
		p.Paragraph(noRTOWords)
	} else {
		p.picture(drawRTO(v.RTO, paperWidth), "", nil)
		p.Paragraph(tied(rtoSentence(v)))
	}
	if len(v.RTO.Phases) == 0 {
		return
	}
	p.phases(v.RTO.Phases)
}

// rtoSentence says what was measured, what was declared, and what took longest.
func rtoSentence(v drillView) string {
	words := "Measured " + rtoMeasured(v.RTO) + ". "
	if v.RTO.MeasuredSeconds == nil {
		words = "The service was not restored. "
	}
	if v.RTO.DeclaredSeconds > 0 {
		words += fmt.Sprintf("Declared for detection and response: %s. Judged: %s.",
			duration(v.RTO.DeclaredSeconds), against(v.RTO.JudgedSeconds, v.RTO.TargetSeconds, notRestored))
	} else {
		words += "No delay for detection and response was declared: the responder sat at the keyboard."
	}
	if v.Longest != "" {
		words += " Longest step: " + v.Longest + "."
	}
	return words
}

// phases are a bar and, with its colours, a table.
func (p pages) phases(phases []Phase) {
	p.picture(drawPhases(phases), "", nil)
	t := pdf.Table{Narrow: true, Low: true, Columns: []pdf.Column{{Head: "Phase", Share: 260}, {Head: "Time", Share: 80, Right: true}}}
	for i, f := range phases {
		colour := paintOf(phaseClass(i)).fill
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: oneLine(f.Name), Swatch: &colour}, {Words: duration(f.Seconds)}}})
	}
	p.Table(t)
}
