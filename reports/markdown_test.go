package reports

import (
	"bytes"
	"slices"
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

// TestMarkdownFitsWhateverTheRecord holds the limit with records of any size, and that reasons survive.
func TestMarkdownFitsWhateverTheRecord(t *testing.T) {
	for _, n := range []int{1, 38, 400, 3000} {
		r := showcase()
		for i := range n {
			d := volumeLoss()
			d.Repetition = i + 1
			if i%9 > 0 {
				d.Verdict, d.Reasons = Met, nil
			}
			r.Drills = append(r.Drills, d)
		}
		r.Run.Aborted = strings.Repeat("interrupted ", 20_000)
		var b bytes.Buffer
		if err := Markdown(&b, r); err != nil {
			t.Fatal(err)
		}
		if b.Len() > markdownLimit {
			t.Errorf("%d drills give %d bytes", n, b.Len())
		}
		if cut := strings.Contains(b.String(), "did not fit here"); cut != (n >= 400) && n != 38 {
			t.Errorf("%d drills: it says %t that something is left out", n, cut)
		}
		for _, want := range []string{"The run ended early", "**corrupt-json", "restore those rows” timed out after 30 s"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%d drills: it does not say %q", n, want)
			}
		}
	}
}

func TestFittingLeavesOutWhatMattersLeast(t *testing.T) {
	long := strings.Repeat("x", 100)
	pieces := []piece{{essential, "head\n"}, {goodDrills, "good" + long}, {badDrills, "bad" + long}, {reasons, "why" + long}}
	for limit, want := range map[int][]string{1000: {"head", "good", "bad", "why"}, 400: {"head", "bad", "why"}, 300: {"head", "why"}, 200: {"head"}} {
		got := fitting(pieces, limit)
		if len(got) > limit {
			t.Errorf("%d bytes, limit %d", len(got), limit)
		}
		for _, word := range []string{"head", "good", "bad", "why"} {
			if strings.Contains(got, word) != slices.Contains(want, word) {
				t.Errorf("limit %d: %q, want %q", limit, got, want)
			}
		}
		if left := 4 - len(want); left > 0 != strings.Contains(got, "did not fit here") {
			t.Errorf("limit %d: it does not say what is left out: %q", limit, got)
		}
	}
}
