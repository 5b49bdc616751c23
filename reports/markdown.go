package reports

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// outputLines is how much of a failed step's output the Markdown shows; the evidence holds the rest.
const outputLines = 20

// Markdown writes the record as a summary that fits a pull request: a table, then why drills are not met and
// what to do, then the rest folded. Where not all of it fits a comment, what matters most does, and the
// end says what was left out.
func Markdown(w io.Writer, r Record) error {
	if _, err := io.WriteString(w, fitting(markdownPieces(r), markdownLimit)); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

// markdownPieces are the parts of the document in their order.
func markdownPieces(r Record) []piece {
	from := originsOf(r.Run, r.Drills...)
	written := func(part func(*markdown)) string {
		m := markdown{from: from}
		part(&m)
		return m.String()
	}
	pieces := []piece{{essential, written(func(m *markdown) { m.head(r) })}}
	numbered := repeated(r)
	for _, d := range r.Drills {
		rank := goodRows
		if d.Verdict != Met {
			rank = badRows
		}
		pieces = append(pieces, piece{rank, written(func(m *markdown) { m.tableRow(d, numbered) })})
	}
	pieces = append(pieces, piece{essential, "\n"})
	for _, d := range r.Drills {
		if d.Verdict != Met {
			pieces = append(pieces, piece{reasons, written(func(m *markdown) { m.reasons(d, numbered) })})
		}
	}
	for _, d := range r.Drills {
		if d.Verdict == Met {
			pieces = append(pieces, piece{goodDrills, written(func(m *markdown) { m.brief(d, numbered) })})
		} else {
			pieces = append(pieces, piece{badDrills, written(func(m *markdown) { m.drill(d, r.risksOf(d), numbered) })})
		}
	}
	return append(pieces,
		piece{reasons, written(func(m *markdown) { m.findings(r) })},
		piece{reasons, written(func(m *markdown) { m.caveats(r) })},
		piece{annexes, written(func(m *markdown) { m.governance(r) })},
		piece{annexes, written(func(m *markdown) { m.controls(r) })},
		piece{annexes, written(func(m *markdown) { m.run(r.Run) })},
	)
}

// markdown is a document in the making.
type markdown struct {
	strings.Builder
	from origins // of the targets that it tells
}

func (m *markdown) line(format string, args ...any) {
	_, _ = fmt.Fprintf(m, format+"\n", args...)
}

// row writes a row of a table; its cells are text, not Markdown.
func (m *markdown) row(cells ...string) {
	for _, c := range cells {
		m.WriteString("| " + inline(c) + " ")
	}
	m.line("|")
}

// header writes the head of a table. A name that ends in > is of a column of figures.
func (m *markdown) header(names ...string) {
	rule := ""
	for _, n := range names {
		name, figures := strings.CutSuffix(n, ">")
		m.WriteString("| " + name + " ")
		if figures {
			rule += "| ---: "
		} else {
			rule += "| --- "
		}
	}
	m.line("|\n%s|", rule)
}

func (m *markdown) head(r Record) {
	m.line("## %s Disaster-recovery drills: %s\n", mark(r.Verdict()), verdictOfRun(r))
	m.line("%s (%s)\n", runSentence(r), tallied(r))
	for _, problem := range r.RiskProblems() {
		m.line("> **Accepted risks:** %s\n", inline(clipped(problem, 500)))
	}
	if r.Run.Aborted != "" {
		m.line("> **The run ended early:** %s\n", inline(clipped(r.Run.Aborted, 500)))
	}
	m.line("A drill in containers is no test of production.\n")
	if targets := m.from.String(); targets != "" {
		m.line("Targets from: %s.\n", inline(targets))
	}
	if len(r.Drills) == 0 {
		return
	}
	m.header("Drill", "Verdict", "RTO measured>", "RTO target>", "RPO of the worst class", "Lost writes>")
}

func (m *markdown) tableRow(d Drill, numbered bool) {
	m.row(heading(d, numbered), mark(d.Verdict)+" "+verdictOf(d), rtoWords(d.RTO),
		m.from.rtoTarget(d.RTO), worstRPOWords(d), lostWords(d))
}

// reasons say why a drill is not met, and what to do.
func (m *markdown) reasons(d Drill, numbered bool) {
	m.line("**%s is %s**\n", inline(heading(d, numbered)), inline(verdictOf(d)))
	for _, reason := range reasonsOf(d) {
		m.line("- %s", inline(reason))
	}
	for _, step := range advice(d) {
		m.line("- *To do:* %s", inline(step))
	}
	m.line("")
}

// brief is a drill that met its targets, in a few lines.
func (m *markdown) brief(d Drill, numbered bool) {
	m.line("<details>\n<summary>%s <b>%s</b>: %s</summary>\n", mark(d.Verdict), inline(heading(d, numbered)), verdictWords(d.Verdict))
	m.line("**%s** (%s)\n", inline(d.Title), inline(d.Scenario))
	m.story(d)
	m.rtoSentence(d)
	m.line("")
	for _, p := range d.RPO {
		m.line("- %s: %s of %s, %s lost of %s", inline(p.Class), rpoWords(p), inline(m.from.rpoTarget(p)), foundWords(p, p.Lost), count(p.Acknowledged))
	}
	m.line("\n</details>\n")
}

func (m *markdown) drill(d Drill, risks []Risk, numbered bool) {
	m.line("<details>\n<summary>%s <b>%s</b>: %s</summary>\n", mark(d.Verdict), inline(heading(d, numbered)), inline(verdictOf(d)))
	m.line("**%s** (%s)\n", inline(d.Title), inline(d.Scenario))
	m.story(d)
	m.rto(d)
	m.rpo(d)
	m.proofs(d)
	m.steps(d)
	m.risks(risks)
	m.line("</details>\n")
}

func (m *markdown) story(d Drill) {
	for _, p := range []struct{ name, text string }{
		{"Fault", d.Fault}, {"What it hit", d.Hit}, {"Recovery", d.Recovery}, {"Proves", d.Proves}, {"Workers’ queue settings", workerWords(d.Workers)},
		{"There beside the workload’s writes", archiveWords(d.Archive)}, {"Has to be different afterwards", changeWords(d.Changes)}, {"Does not show", d.Limits},
	} {
		if p.text != "" {
			m.line("- **%s:** %s", p.name, inline(p.text))
		}
	}
	m.line("")
}

func (m *markdown) rto(d Drill) {
	m.rtoSentence(d)
	m.line("")
	if len(d.RTO.Phases) == 0 {
		return
	}
	m.header("Phase", "Time>")
	for _, p := range d.RTO.Phases {
		m.row(p.Name, duration(p.Seconds))
	}
	m.line("")
}

func (m *markdown) rtoSentence(d Drill) {
	m.line("**RTO** %s, target %s: %s.", rtoWords(d.RTO), inline(m.from.rtoTarget(d.RTO)), verdictWords(d.RTO.Verdict))
	if s, ok := longestStep(d); ok {
		m.line("Longest step: %s (%s), %s.", inline(s.Name), inline(s.Script), duration(s.Seconds))
	}
}

func (m *markdown) rpo(d Drill) {
	if len(d.RPO) == 0 {
		return
	}
	m.header("Class", "Verdict", "Target>", "Observed>", "Projected>", "Protected by", "Acknowledged>", "Lost>", "Unknown>", "Phantom>", "Mutated>")
	for _, p := range d.RPO {
		m.row(p.Class, mark(p.Verdict)+" "+verdictWords(p.Verdict), m.from.rpoTarget(p),
			against(p.ObservedSeconds, p.TargetSeconds, notMeasured), marked(against(p.ProjectedSeconds, p.TargetSeconds, notProjected), m.from.Schedule(p)),
			p.ProtectedBy, count(p.Acknowledged), foundWords(p, p.Lost), count(p.Unknown), foundWords(p, p.Phantom), foundWords(p, p.Mutated))
	}
	m.line("")
}

func (m *markdown) proofs(d Drill) {
	if len(d.Proofs) == 0 {
		return
	}
	m.header("Proof", "Verdict", "Detail")
	for _, p := range d.Proofs {
		m.row(p.Name, mark(p.Verdict)+" "+verdictWords(p.Verdict), p.Detail)
	}
	m.line("")
}

func (m *markdown) steps(d Drill) {
	if len(d.Steps) == 0 {
		return
	}
	m.header("Script", "Step", "Time>", "Deadline>", "Exit>")
	for _, s := range d.Steps {
		m.row(s.Script, s.Name, duration(s.Seconds), deadlineWords(s), exitWords(s))
	}
	m.line("")
	for _, s := range d.Steps {
		if failed(s) {
			m.output(s)
		}
	}
}

// output shows the end of what a failed step printed.
func (m *markdown) output(s Step) {
	tail, cut := lastLines(plain(s.Output), outputLines)
	words := "Output"
	if cut {
		words = fmt.Sprintf("Last %d lines", outputLines)
	}
	fence := fenceFor(tail)
	m.line("%s of %s (%s):\n\n%stext\n%s\n%s\n", words, inline(s.Name), inline(s.Script), fence, tail, fence)
}

func (m *markdown) risks(risks []Risk) {
	if len(risks) == 0 {
		return
	}
	m.line("Accepted risks:\n")
	for _, risk := range risks {
		m.line("- **%s:** %s", inline(risk.subject()), inline(risk.inFull()))
	}
	m.line("")
}

func (m *markdown) caveats(r Record) {
	m.line("<details>\n<summary>What this run does not prove</summary>\n")
	for _, c := range caveats(r) {
		m.line("- **%s.** %s", c.Title, inline(c.Text))
	}
	m.line("\n</details>\n")
}

func (m *markdown) run(run Run) {
	m.line("<details>\n<summary>The run: %s</summary>\n", inline(run.ID))
	m.line("- Started %s, took %s, seed %d", instant(run.StartedAt), elapsed(run.StartedAt, run.FinishedAt), run.Seed)
	m.line("- drdrill %s on %s", inline(run.Version), inline(hostWords(run.Host)))
	m.line("- Engine: %s", inline(engineWords(run.Engine)))
	for _, f := range runFacts(run) {
		m.line("- %s: %s", f.Name, inline(f.Words))
	}
	m.line("")
	if len(run.Images) > 0 {
		m.header("Image", "Reference", "Digest")
		for _, key := range slices.Sorted(maps.Keys(run.Images)) {
			image := run.Images[key]
			m.row(key, image.Ref+yours(image.Custom), image.Digest)
		}
		m.line("")
	}
	m.line("</details>")
}

// mark is the verdict as a sign that a pull request shows in colour; the word always stands beside it.
func mark(verdict string) string {
	switch verdict {
	case Met:
		return "✅"
	case Missed:
		return "❌"
	default:
		return "⚠️"
	}
}

// markup matches what Markdown, HTML or a forge would read as more than text: markup characters
// anywhere, list and heading marks at the beginning, mentions of people and issues.
var markup = regexp.MustCompile("[@#][0-9A-Za-z]|[\\\\`*_{}\\[\\]<>&|~$]|^[-+#=:]|^[0-9]+[.)](?: |$)")

// inline makes any text safe within a line or a table's cell: nothing in it is markup, and it
// notifies nobody.
func inline(s string) string {
	return markup.ReplaceAllStringFunc(oneLine(s), func(m string) string {
		if len(m) > 1 && (m[0] == '@' || m[0] == '#') {
			return m[:1] + "<!-- -->" + m[1:]
		}
		return fmt.Sprintf("&#%d;", m[0]) + m[1:]
	})
}

// fenceFor is a code fence longer than any run of backticks in the text.
func fenceFor(s string) string {
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", max(longest+1, 3))
}
