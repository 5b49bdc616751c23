package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports/pdf"
	"github.com/cogitator-ai/drdrill/reports/pdf/pdftest"
)

var info = pdf.Info{
	Title: "Missed: a título — ✓", Subject: "Drills", Creator: "drdrill v0", Created: time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC),
	Header: "the header", Badge: pdf.Badge{Words: "missed", Tone: pdf.Bad}, Footer: "the footer",
}

// written lays a document out.
func written(t *testing.T, body func(*pdf.Document)) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, info, body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, body func(*pdf.Document)) pdftest.Document {
	t.Helper()
	return pdftest.Read(t, written(t, body))
}

const (
	headingMark = "§" // begins every word of the headings of a random document
	columnMark  = "¤" // is the head of every table's column
)

// random writes parts of every kind, drawn from a seed.
func random(seed uint64) func(*pdf.Document) {
	return func(d *pdf.Document) {
		r := rand.New(rand.NewPCG(seed, 1))
		words := func(most int) string {
			return strings.TrimSpace(strings.Repeat("some words ", 1+r.IntN(most)))
		}
		for i := range 25 {
			for range r.IntN(3) {
				d.Heading(pdf.Heading{Level: 1 + r.IntN(3), Words: strings.ReplaceAll(fmt.Sprintf(" %d %s", i, words(12)), " ", " "+headingMark)})
			}
			randomPart(d, r, words)
		}
		d.Paragraph("the end")
	}
}

func randomPart(d *pdf.Document, r *rand.Rand, words func(int) string) {
	switch r.IntN(8) {
	case 0:
		d.Paragraph(words(400))
	case 1:
		d.List([]string{words(9), words(90), words(3)})
	case 2:
		d.Facts([]pdf.Fact{{Name: "name", Words: words(120)}, {Name: words(9), Words: "short"}})
	case 3:
		d.Callout(pdf.Bad, words(4), []string{words(300), words(5)})
	case 4:
		d.Figure(pdf.Figure{Width: 100, Height: float64(1 + r.IntN(300)), Caption: words(60), Draw: func(c pdf.Canvas) {
			c.Rect(0, 0, 100, 1, pdf.Hex(0x3f7fbf))
		}})
	case 5:
		d.Numbers([]pdf.Number{{Name: "a", Words: words(9)}, {Name: "b", Words: "12 s"}})
	default:
		d.Table(randomTable(r, words))
	}
}

func randomTable(r *rand.Rand, words func(int) string) pdf.Table {
	t := pdf.Table{Columns: []pdf.Column{{Head: columnMark, Share: 1}, {Head: "n", Share: 2, Right: true}}, Low: r.IntN(2) == 0}
	for range r.IntN(30) {
		row := pdf.Row{Cells: []pdf.Cell{{Words: words(8), Small: words(4)}, {Words: words(20)}}}
		if r.IntN(3) == 0 {
			row.Output = strings.Repeat(words(6)+"\n", r.IntN(70))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// onPage are the lines of a page without its header and footer.
func onPage(lines []pdftest.Line) []pdftest.Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l pdftest.Line) bool { return l.Y < 50 || l.Y > 775 })
}

// Whatever is written, no heading and no table's head is the last thing on a page, and nothing is outside of it.
func TestNoHeadingIsLeftAlone(t *testing.T) {
	for seed := range uint64(40) {
		for n, page := range read(t, random(seed)).Pages {
			lines := onPage(page)
			if len(lines) == 0 {
				t.Fatalf("seed %d: page %d is empty", seed, n+1)
			}
			lowest := slices.MinFunc(lines, func(a, b pdftest.Line) int { return int((a.Y - b.Y) * 100) })
			if strings.HasPrefix(lowest.Words, headingMark) || lowest.Words == columnMark {
				t.Errorf("seed %d: page %d ends with %q", seed, n+1, lowest.Words)
			}
			for _, l := range page {
				if l.X < 51 || l.X > 544 || l.Y < 30 || l.Y > 810 {
					t.Errorf("seed %d: page %d: %q is outside, at %.0f, %.0f", seed, n+1, l.Words, l.X, l.Y)
				}
			}
		}
	}
}

func TestEveryPageIsNumbered(t *testing.T) {
	doc := read(t, random(7))
	if len(doc.Pages) < 5 {
		t.Fatalf("%d pages are too few to show anything", len(doc.Pages))
	}
	for n, page := range doc.Pages {
		for _, want := range []string{fmt.Sprintf("%d of %d", n+1, len(doc.Pages)), "the header", "missed", "the footer"} {
			if !slices.ContainsFunc(page, func(l pdftest.Line) bool { return l.Words == want }) {
				t.Errorf("page %d has no %q", n+1, want)
			}
		}
	}
}

func TestATableRepeatsItsHead(t *testing.T) {
	table := pdf.Table{Columns: []pdf.Column{{Head: columnMark, Share: 1}}}
	for i := range 200 {
		table.Rows = append(table.Rows, pdf.Row{Cells: []pdf.Cell{{Words: fmt.Sprint("row ", i)}}})
	}
	table.Rows = append(table.Rows, pdf.Row{Cells: []pdf.Cell{{Words: strings.Repeat("endless ", 3000)}}, Output: strings.Repeat("printed\n", 300)})
	doc := read(t, func(d *pdf.Document) { d.Table(table) })
	for n, page := range doc.Pages {
		if first := onPage(page)[0]; first.Words != columnMark {
			t.Errorf("page %d begins with %q, want the head", n+1, first.Words)
		}
	}
	text := doc.Flat()
	for i := range 200 {
		if !strings.Contains(text, fmt.Sprint("row", i)) {
			t.Errorf("row %d is missing", i)
		}
	}
	if n := strings.Count(text, "endless"); n != 3000 {
		t.Errorf("%d of 3000 words of a row that is higher than a page", n)
	}
	if n := strings.Count(text, "printed"); n != 300 {
		t.Errorf("%d of 300 lines of output", n)
	}
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	first := written(t, random(3))
	for range 3 {
		if !bytes.Equal(first, written(t, random(3))) {
			t.Fatal("the same document, and other bytes")
		}
	}
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	doc := read(t, func(d *pdf.Document) { d.Paragraph("x") })
	for key, want := range map[string]string{
		"Title": "Missed: a título — <U+2713>", "Creator": "drdrill v0", "CreationDate": "D:20260302091500", "ModDate": "D:20260302091500",
	} {
		if !strings.HasPrefix(doc.Info[key], want) {
			t.Errorf("%s is %q, want %q", key, doc.Info[key], want)
		}
	}
}

func TestTheOutlineHasNoHoles(t *testing.T) {
	doc := read(t, func(d *pdf.Document) {
		for _, level := range []int{3, 1, 3, 2, 0, 9} {
			d.Heading(pdf.Heading{Level: level, Words: fmt.Sprint("level ", level)})
			d.Paragraph("x")
		}
	})
	want := []string{"level 3", "level 1", "  level 3", "  level 2", "level 0", "  level 9"}
	if !slices.Equal(doc.Outline, want) {
		t.Errorf("outline %q, want %q", doc.Outline, want)
	}
}

func TestReferencesKnowLaterPages(t *testing.T) {
	pages := 0
	doc := read(t, func(d *pdf.Document) {
		d.Table(pdf.Table{Columns: []pdf.Column{{Head: "h", Share: 1}}, Rows: []pdf.Row{{Cells: []pdf.Cell{{Words: "to it", Link: "there"}}}}})
		pages = d.Page("there")
		d.BeginHigh() // there is room on this page
		for range 30 {
			d.Paragraph("line")
		}
		d.BeginHigh()
		d.BeginHigh() // nothing is on this one yet
		d.Heading(pdf.Heading{Level: 1, Words: "There", Name: "there"})
	})
	if pages != 2 || len(doc.Pages) != 2 {
		t.Errorf("page %d of %d, want 2 of 2", pages, len(doc.Pages))
	}
}

func TestCharactersThatNoFontHasStayVisible(t *testing.T) {
	text := read(t, func(d *pdf.Document) {
		d.Paragraph("Grüße Ωмир ± − ’ … \U0001F600 \x1b 中 \xff end")
	}).Flat()
	for _, want := range []string{"GrüßeΩмир±−’…", "<U+1F600>", "<U+001B>", "<U+4E2D>", "end"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
}

func TestWriteSaysThatItCouldNot(t *testing.T) {
	full := errors.New("full")
	if err := pdf.Write(failing{full}, info, random(1)); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if err := pdf.Write(io.Discard, info, func(*pdf.Document) {}); err != nil {
		t.Errorf("a document without content: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
