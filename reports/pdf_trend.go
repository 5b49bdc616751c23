package reports

import (
	"strings"

	"github.com/cogitator-ai/drdrill/reports/pdf"
)

// findings are what the history shows and a single run cannot.
func (p pages) findings(findings []string) {
	if len(findings) == 0 {
		return
	}
	p.Heading(pdf.Heading{Level: 1, Words: "What the history shows"})
	p.Note("Found in the earlier runs, not in this one.")
	p.List(lineEach(findings))
}

// trend is how the drill came off against a baseline and in earlier runs.
func (p pages) trend(d Drill) {
	if d.Regression == nil && len(d.Trend) == 0 {
		return
	}
	p.Heading(pdf.Heading{Level: 3, Words: "Over the last runs"})
	if d.Regression != nil {
		p.regression(*d.Regression)
	}
	if len(d.Trend) == 0 {
		return
	}
	if d.RTO.Targeted() {
		p.picture(drawTrend(d, paperWidth), "Recovery time of each run, this one last. The dashed line is the target; a point at the very top was not restored.", nil)
	}
	t := pdf.Table{Low: true, Columns: []pdf.Column{
		{Head: "Run", Share: 40}, {Head: "Verdict", Share: 16}, {Head: "RTO, median", Share: 20, Right: true}, {Head: "Started", Share: 35},
	}}
	for _, e := range pastWords(d.Trend) {
		t.Rows = append(t.Rows, pdf.Row{Cells: []pdf.Cell{{Words: e.Run}, badgeCell(e.Verdict), {Words: e.RTO}, {Words: e.At}}})
	}
	p.Table(t)
}

func (p pages) regression(g Regression) {
	against := "Against the baseline"
	if g.Baseline != "" {
		against = "Against run " + oneLine(g.Baseline)
	}
	facts := []pdf.Fact{{Name: against, Words: tied(verdictWords(g.Verdict) + ". " + capital(oneLine(g.Reason)))}}
	if s := g.Slowest; s != nil {
		facts = append(facts, pdf.Fact{Name: "Grown most", Words: tied(oneLine(s.Phase) + ", " + duration(s.BaselineSeconds) + " before, " + duration(s.Seconds) + " now")})
	}
	if len(g.Differences) > 0 {
		facts = append(facts, pdf.Fact{Name: "Not as in the baseline", Words: strings.Join(lineEach(g.Differences), "\n")})
	}
	p.Facts(facts)
}
