package reports

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// sizes are those for which every picture is drawn, with the classes that choose between them.
var sizes = []struct {
	width float64
	class string
}{{wide, "picture wide"}, {narrow, "picture narrow"}}

// htmlView is what the page's template sees.
type htmlView struct {
	Record    Record
	Outcome   string // the run's verdict in words
	Tally     tally
	First     firstView
	Scenarios []scenarioView
	Controls  []controlView
	// Statements are what the organization states, and Missing the paths of what it does not.
	Statements []statement
	Missing    []string
	Style      template.CSS
}

// scenarioView is one scenario of the playbook with its drills.
type scenarioView struct {
	ID, Name string
	Tally    tally
	Drills   []drillView
	Pictures []template.HTML // the recovery times of all its drills
}

// firstView is what the first screen says beside the verdict and the numbers of drills.
type firstView struct {
	Attention []drillView // drills that are not met
	Margins   []marginView
	Scope     string
	Targets   string // who states them; empty where there are none
	Unproven  string // what the run does not prove, by the titles of its caveats
}

// marginView is the target that a drill came nearest to, or missed by most.
type marginView struct {
	Name, Share, Words string
	Drill              drillView
}

func pageOf(r Record) htmlView {
	drills := drillViews(r)
	return htmlView{
		Record:     r,
		Outcome:    verdictOfRun(r),
		Tally:      tallied(r),
		First:      firstOf(r, drills),
		Scenarios:  scenarioViews(drills),
		Controls:   controlViews(r, drills),
		Statements: statements(r.Governance, r.Run.StartedAt),
		Missing:    r.Governance.Missing(),
	}
}

// scenarioViews groups the drills by scenario, in the order in which the scenarios first appear.
func scenarioViews(drills []drillView) []scenarioView {
	var views []scenarioView
	place := map[string]int{}
	for _, d := range drills {
		i, known := place[d.Scenario]
		if !known {
			i = len(views)
			place[d.Scenario] = i
			views = append(views, scenarioView{ID: fmt.Sprintf("scenario-%d", i+1), Name: scenarioWords(d.Scenario)})
		}
		views[i].Drills = append(views[i].Drills, d)
		views[i].Tally.addDrill(d.Drill)
	}
	for i := range views {
		for _, size := range sizes {
			if p := overviewPicture(views[i].Drills, size.width, size.class); p != "" {
				views[i].Pictures = append(views[i].Pictures, p)
			}
		}
	}
	return views
}

// scenarioWords name a scenario.
func scenarioWords(scenario string) string {
	if words := oneLine(scenario); words != "" {
		return words
	}
	return "No scenario named"
}

func firstOf(r Record, drills []drillView) firstView {
	var titles []string
	for _, c := range caveats(r) {
		if c.Brief != "" {
			titles = append(titles, c.Brief)
		}
	}
	first := firstView{
		Attention: slices.DeleteFunc(slices.Clone(drills), func(d drillView) bool { return d.Verdict == Met }),
		Scope:     scopeWords(r),
		Targets:   originsOf(r.Run, r.Drills...).String(),
		Unproven:  strings.Join(titles, "; ") + ".",
	}
	rto, rpo, hasRTO, hasRPO := worstMargins(r)
	if hasRTO {
		first.Margins = append(first.Margins, marginView{"Worst margin of recovery time", rto.Share(), rto.Words, drills[rto.Drill]})
	}
	if hasRPO {
		first.Margins = append(first.Margins, marginView{"Worst margin of data loss, " + rpo.Of, rpo.Share(), rpo.Words, drills[rpo.Drill]})
	}
	return first
}
