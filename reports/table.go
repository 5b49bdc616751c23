package reports

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// firstReasons is how many reasons of a drill the table gives; the rest is in the other reports.
const firstReasons = 2

// Table writes the record as the plain text that a run ends with: a line a drill, then the first
// reasons of each drill that did not meet its targets, then the run's verdict.
func Table(w io.Writer, r Record) error {
	var b strings.Builder
	if err := writeRows(&b, r); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	writeReasons(&b, r)
	fmt.Fprintf(&b, "Run %s: %s (%s).\n", oneLine(r.Run.ID), verdictOfRun(r), tallied(r))
	for _, problem := range r.RiskProblems() {
		fmt.Fprintf(&b, "Accepted risks: %s\n", problem)
	}
	if r.Run.Aborted != "" {
		fmt.Fprintf(&b, "The run ended early: %s.\n", oneLine(r.Run.Aborted))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func writeRows(b *strings.Builder, r Record) error {
	if len(r.Drills) == 0 {
		b.WriteString("No drill was run.\n\n")
		return nil
	}
	var rows strings.Builder
	tw := tabwriter.NewWriter(&rows, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(tw, "DRILL\tVERDICT\tRTO\tTARGET\tRPO OF THE WORST CLASS\tLOST WRITES")
	numbered := repeated(r)
	for _, d := range r.Drills {
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", heading(d, numbered), verdictWords(d.Verdict),
			rtoWords(d.RTO), rtoTarget(d.RTO), worstRPOWords(d), lostWords(d))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	b.WriteString(rows.String() + "\n")
	return nil
}

func writeReasons(b *strings.Builder, r Record) {
	numbered, some := repeated(r), false
	for _, d := range r.Drills {
		if d.Verdict == Met {
			continue
		}
		some = true
		fmt.Fprintf(b, "%s %s: %s\n", heading(d, numbered), verdictOf(d), someReasons(reasonsOf(d)))
	}
	if some {
		b.WriteByte('\n')
	}
}

// someReasons are the first reasons on one line, and how many more there are.
func someReasons(reasons []string) string {
	var words []string
	for _, reason := range reasons[:min(len(reasons), firstReasons)] {
		words = append(words, oneLine(reason))
	}
	line := strings.Join(words, " · ")
	if more := len(reasons) - firstReasons; more > 0 {
		line += fmt.Sprintf(" (and %d more)", more)
	}
	return line
}
