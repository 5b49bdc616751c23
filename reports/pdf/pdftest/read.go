// Package pdftest reads documents back, so that tests can say what is on which page.
package pdftest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// Line is one run of text, as it was written.
type Line struct {
	Words string
	Font  string
	Size  float64
	X, Y  float64 // in points; y counts from the lower edge of the page
}

// Document is what a reader sees of a file.
type Document struct {
	Pages   [][]Line
	Outline []string // its entries, indented by two spaces a level
	Info    map[string]string
}

// Read reads a file, which has to be whole.
func Read(t *testing.T, file []byte) Document {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("read the PDF: %v", err)
	}
	d := Document{Info: map[string]string{}}
	for n := 1; n <= r.NumPage(); n++ {
		d.Pages = append(d.Pages, lines(r.Page(n)))
	}
	if outlines := r.Trailer().Key("Root").Key("Outlines"); !outlines.IsNull() {
		d.outline(t, outlines.Key("First"), 0)
	}
	info := r.Trailer().Key("Info")
	for _, key := range info.Keys() {
		d.Info[key] = info.Key(key).Text()
	}
	return d
}

// outline reads entries and what is below them. A reader would hang on one that leads back to itself.
func (d *Document) outline(t *testing.T, entry pdf.Value, depth int) {
	t.Helper()
	for ; entry.Kind() == pdf.Dict; entry = entry.Key("Next") {
		if depth > 8 || len(d.Outline) > 10_000 {
			t.Fatal("the outline leads back to itself")
		}
		d.Outline = append(d.Outline, strings.Repeat("  ", depth)+entry.Key("Title").Text())
		d.outline(t, entry.Key("First"), depth+1)
	}
}

// lines are the runs of text of a page, in the order in which they were written.
func lines(page pdf.Page) []Line {
	var list []Line
	var next Line
	pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, operator string) {
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		switch {
		case operator == "Tf" && len(args) == 2:
			next.Font, next.Size = page.Font(args[0].Name()).BaseFont(), args[1].Float64()
		case operator == "Td" && len(args) == 2:
			next.X, next.Y = args[0].Float64(), args[1].Float64()
		case operator == "Tj" && len(args) == 1:
			next.Words = unicodeOf(args[0].RawString())
			list = append(list, next)
		}
	})
	return list
}

// unicodeOf reads text in fonts whose characters are numbered as in Unicode, with two bytes each.
func unicodeOf(raw string) string {
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// Text is the outline and all pages as text, a line for each run of text.
func (d Document) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "=== outline\n%s\n", strings.Join(d.Outline, "\n"))
	for n, page := range d.Pages {
		fmt.Fprintf(&b, "=== page %d\n", n+1)
		for _, l := range page {
			b.WriteString(l.Words + "\n")
		}
	}
	return b.String()
}

// Flat is all text without the places where lines and pages end, so that sentences can be found in it.
func (d Document) Flat() string {
	var b strings.Builder
	for _, page := range d.Pages {
		for _, l := range page {
			b.WriteString(l.Words)
		}
	}
	return Squeezed(b.String())
}

// Squeezed is a text without its spaces: where a line ends they are gone, and a long word has none.
func Squeezed(s string) string { return strings.Join(strings.Fields(s), "") }
