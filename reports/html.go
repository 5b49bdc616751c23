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

	"github.com/cogitator-ai/drdrill/reports/controls"
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
	"against":     func(v *float64, target float64, missing string) string { return tied(against(v, target, missing)) },
	"advice":      advice,
	"capital":     capital,
	"caveats":     caveats,
	"cell":        cell,
	"class":       func(s controls.Status) string { return slug(string(s)) },
	"controlSign": controlSign,
	"count":       count[int],
	"deadline":    func(s Step) string { return tied(deadlineWords(s)) },
	"duration":    func(v float64) string { return tied(duration(v)) },
	"elapsed":     func(from, to time.Time) string { return tied(elapsed(from, to)) },
	"engine":      engineWords,
	"exit":        exitWords,
	"failed":      failed,
	"figure":      func(v *float64, missing string) string { return tied(figure(v, missing)) },
	"host":        hostWords,
	"instant":     instant,
	"lost":        lostWords,
	"more":        func(list []string) int { return len(list) - 1 },
	"output":      plain,
	"past":        pastWords,
	"phase":       phaseClass,
	"plural":      plural,
	"plusMinus": func(v *float64, uncertainty float64, missing string) string {
		return tied(plusMinus(v, uncertainty, missing))
	},
	"rtoTarget":   func(t RTO) string { return tied(rtoTarget(t)) },
	"rtoMeasured": rtoMeasured,
	"runFacts":    runFacts,
	"sentence":    runSentence,
	"sign":        sign,
	"slug":        slug,
	"text":        func(s string) string { return tied(oneLine(s)) },
	"verdict":     verdictWords,
	"worst":       tally.Worst,
	"changes":     changeWords,
	"archive":     func(a []Archive) string { return tied(archiveWords(a)) },
	"workers":     func(w *Workers) string { return tied(workerWords(w)) },
	"words":       func(d Drill) string { return tied(worstRPOWords(d)) },
}

// HTML writes the record as one page that needs no network and no JavaScript.
func HTML(w io.Writer, r Record) error {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	page := pageOf(r)
	page.Style = template.CSS(style) //nolint:gosec // our own file
	if err := htmlPage.Execute(w, page); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
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
