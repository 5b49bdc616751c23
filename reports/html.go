package reports

import (
	"embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

// The widths for which the pictures are drawn: a picture that is only scaled down has words that
// nobody can read on a phone.
const (
	wide   = 960.0
	narrow = 336.0
)

//go:embed html/*.tmpl html/style.css
var htmlFiles embed.FS

// htmlPage is the report's template. html/template escapes all that comes from the record.
var htmlPage = template.Must(template.New("page.tmpl").Funcs(htmlFuncs).ParseFS(htmlFiles, "html/*.tmpl"))

// htmlFuncs are the words and figures that the templates use. All are shared with the other reports;
// here a figure is kept on one line with its unit.
var htmlFuncs = template.FuncMap{
	"against":  func(v *float64, target float64, missing string) string { return tied(against(v, target, missing)) },
	"capital":  capital,
	"caveats":  caveats,
	"cell":     cell,
	"count":    count[int],
	"deadline": func(s Step) string { return tied(deadlineWords(s)) },
	"duration": func(v float64) string { return tied(duration(v)) },
	"elapsed":  func(from, to time.Time) string { return tied(elapsed(from, to)) },
	"engine":   engineWords,
	"exit":     exitWords,
	"failed":   failed,
	"figure":   func(v *float64, missing string) string { return tied(figure(v, missing)) },
	"host":     hostWords,
	"instant":  instant,
	"lost":     lostWords,
	"output":   plain,
	"phase":    phaseClass,
	"plusMinus": func(v *float64, uncertainty float64, missing string) string {
		return tied(plusMinus(v, uncertainty, missing))
	},
	"rtoTarget": func(t RTO) string { return tied(rtoTarget(t)) },
	"rtoMeasured": func(t RTO) string {
		if !t.Targeted() {
			return noTarget
		}
		return tied(plusMinus(t.MeasuredSeconds, t.UncertaintySeconds, notRestored))
	},
	"sentence": runSentence,
	"sign":     sign,
	"slug":     slug,
	"text":     func(s string) string { return tied(oneLine(s)) },
	"verdict":  verdictWords,
	"archive":  func(a []Archive) string { return tied(archiveWords(a)) },
	"workers":  func(w *Workers) string { return tied(workerWords(w)) },
	"words":    func(d Drill) string { return tied(worstRPOWords(d)) },
}

// HTML writes the record as one page that needs no network and no JavaScript.
func HTML(w io.Writer, r Record) error {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	page := htmlView{
		Record: r,
		Tally:  tallied(r),
		Drills: drillViews(r),
		Style:  template.CSS(style), //nolint:gosec // our own file
	}
	if err := htmlPage.Execute(w, page); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
}

// htmlView is what the page's template sees.
type htmlView struct {
	Record Record
	Tally  tally
	Drills []drillView
	Style  template.CSS
}

// drillView is a drill with what the template needs beside it.
type drillView struct {
	Drill
	ID      string // of its section
	Heading string
	// Causes are why the drill is not met; none when it is.
	Causes  []string
	Writes  []writesRow
	Proven  int // proofs that are met
	Longest string
	// Pictures, each for a wide and a narrow page.
	TimelinePictures, ActivityPictures, RTOPictures []template.HTML

	PhasesPicture template.HTML
	// Since are the events with how long after the fault they were.
	Since []sinceEvent
}

// writesRow is one outcome of writes, by class.
type writesRow struct {
	Name, Meaning string
	Cells         []writesCell
}

// writesCell is one class's count, and how it is shown.
type writesCell struct{ Words, Class string }

// sinceEvent is an event of the timeline, told from the fault.
type sinceEvent struct {
	Event, Since, At string
}

func drillViews(r Record) []drillView {
	numbered := repeated(r)
	views := make([]drillView, 0, len(r.Drills))
	for i, d := range r.Drills {
		v := drillView{
			Drill:   d,
			ID:      fmt.Sprintf("drill-%d-%s", i+1, slug(d.Name)),
			Heading: heading(d, numbered),
			Writes:  writesRows(d.RPO),
			Proven:  len(slices.DeleteFunc(slices.Clone(d.Proofs), func(p Proof) bool { return p.Verdict != Met })),
			Since:   sinceEvents(d),
		}
		if d.Verdict != Met {
			v.Causes = reasonsOf(d)
		}
		if s, ok := longestStep(d); ok {
			v.Longest = fmt.Sprintf("%s (%s), %s", oneLine(s.Name), oneLine(s.Script), duration(s.Seconds))
		}
		v.draw()
		views = append(views, v)
	}
	return views
}

// draw makes the drill's pictures. What has nothing to show gets none.
func (v *drillView) draw() {
	for _, size := range []struct {
		width float64
		class string
	}{{wide, "picture wide"}, {narrow, "picture narrow"}} {
		if len(v.Timeline) > 0 {
			v.TimelinePictures = append(v.TimelinePictures, timelinePicture(v.Drill, size.width, size.class))
		}
		if len(v.Activity) > 0 {
			v.ActivityPictures = append(v.ActivityPictures, activityPicture(v.Drill, size.width, size.class))
		}
		if v.RTO.Targeted() {
			v.RTOPictures = append(v.RTOPictures, rtoPicture(v.RTO, size.width, size.class))
		}
	}
	if len(v.RTO.Phases) > 0 {
		v.PhasesPicture = phasesPicture(v.RTO.Phases)
	}
}

// writesRows turn the counts of the classes into a row an outcome.
func writesRows(classes []RPO) []writesRow {
	var views []writesRow
	for _, row := range outcomes {
		v := writesRow{Name: row.name, Meaning: row.meaning}
		for _, class := range classes {
			v.Cells = append(v.Cells, cellOf(class, row.of(class), row.read))
		}
		views = append(views, v)
	}
	return views
}

// cellOf words one count.
func cellOf(class RPO, n int, read bool) writesCell {
	switch {
	case n == 0 && read:
		return writesCell{foundWords(class, n), "zero"}
	case n == 0:
		return writesCell{count(n), "zero"}
	case read:
		return writesCell{count(n), "finding"}
	default:
		return writesCell{count(n), ""}
	}
}

func sinceEvents(d Drill) []sinceEvent {
	injected, known := eventAt(d, eventInjected)
	var events []sinceEvent
	for _, e := range d.Timeline {
		since := "no fault"
		if known {
			since = offset(roundedTo(e.AtSeconds-injected, 1e-9))
		}
		events = append(events, sinceEvent{oneLine(e.Event), since, duration(e.AtSeconds)})
	}
	return events
}

// sign is the verdict as a sign; the word always stands beside it.
func sign(verdict string) string {
	switch verdict {
	case Met:
		return "✓"
	case Missed:
		return "✕"
	default:
		return "?"
	}
}

// cell is text for a table's cell, where a column must not be narrower than a word: words are kept
// whole unless they are very long, and those may be broken in places.
func cell(s string) template.HTML {
	const longest, every = 30, 10
	words := strings.Split(tied(oneLine(s)), " ")
	for i, word := range words {
		runes := []rune(word)
		if len(runes) <= longest {
			words[i] = html.EscapeString(word)
			continue
		}
		var parts []string
		for part := range slices.Chunk(runes, every) {
			parts = append(parts, html.EscapeString(string(part)))
		}
		words[i] = strings.Join(parts, "<wbr>")
	}
	return template.HTML(strings.Join(words, " ")) //nolint:gosec // every word was escaped
}
