package reports

import (
	"bytes"
	"strings"
	"testing"
)

// TestMarkdownFitsAPullRequest renders more than the whole catalogue with a failing step each.
func TestMarkdownFitsAPullRequest(t *testing.T) {
	var drills []Drill
	for range 9 {
		d := volumeLoss()
		d.Steps[3].ExitCode, d.Steps[3].Output = 1, strings.Repeat("a line of the output of a failed step\n", 500)
		drills = append(drills, d)
	}
	var b bytes.Buffer
	if err := Markdown(&b, sampleRecord(drills...)); err != nil {
		t.Fatal(err)
	}
	const limit = 65536
	if n := len([]rune(b.String())); n > limit {
		t.Errorf("%d characters, a comment holds %d", n, limit)
	}
}

// TestMarkdownTablesHaveEvenRows counts the cells of every row of every table.
func TestMarkdownTablesHaveEvenRows(t *testing.T) {
	for _, s := range samples() {
		var b bytes.Buffer
		if err := Markdown(&b, s.record); err != nil {
			t.Fatal(err)
		}
		cells, fenced := 0, ""
		for line := range strings.Lines(b.String()) {
			line = strings.TrimRight(line, "\n")
			switch {
			case fenced != "":
				if line == fenced {
					fenced = ""
				}
			case strings.HasPrefix(line, "```"):
				fenced = strings.TrimSuffix(line, "text")
			case !strings.HasPrefix(line, "|"):
				cells = 0
			case cells == 0:
				cells = strings.Count(line, "|")
			case strings.Count(line, "|") != cells:
				t.Errorf("%s: a row of another width: %s", s.name, line)
			}
		}
		if fenced != "" {
			t.Errorf("%s: a fence stays open", s.name)
		}
	}
}
