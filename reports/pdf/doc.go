// Package pdf lays out documents of headings, text, tables and pictures on numbered A4 pages, without
// a browser. It knows nothing of drills: what a document says is its caller's.
//
// A document is written from top to bottom. Headings wait for what follows them and go to the next page
// with it, so that none is the last thing on a page; a table's head is repeated on every page that it
// goes on to. The same calls give the same bytes.
package pdf

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Info is what a document says of itself.
type Info struct {
	Title, Subject string
	Creator        string    // the program
	Created        time.Time // written into the file; the clock is never asked
	Header         string    // at the head of every page
	Badge          Badge     // beside the header
	Footer         string
}

// Badge is a word on a coloured ground.
type Badge struct {
	Words string
	Tone  Tone
}

// Write lays the document out and writes it. The body is called twice, since page numbers and
// references to later pages are known only after a first time.
func Write(w io.Writer, info Info, body func(*Document)) error {
	first, err := layOut(info, nil, body)
	if err != nil {
		return err
	}
	final, err := layOut(info, first, body)
	if err != nil {
		return err
	}
	var b bytes.Buffer // fpdf writes in parts, and an error must leave nothing
	if err := final.out.Output(&b); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// Document is a document in the making.
type Document struct {
	out     *fpdf.Fpdf
	info    Info
	earlier *Document // the first layout, or nil while it is made
	y       float64   // how far the page is filled, in points from its upper edge
	waiting []heading // headings that wait for what follows them
	targets map[string]target
	depth   int // of the last entry of the outline; −1 before the first
}

// target is a place to which a reference leads.
type target struct{ page, link int }

func layOut(info Info, earlier *Document, body func(*Document)) (*Document, error) {
	d := &Document{out: fpdf.New("P", "pt", "A4", ""), info: info, earlier: earlier, targets: map[string]target{}, depth: -1}
	d.out.SetAutoPageBreak(false, 0)
	d.out.SetCatalogSort(true)
	d.out.SetCreationDate(info.Created.UTC())
	d.out.SetModificationDate(info.Created.UTC())
	d.out.SetTitle(shown(info.Title), true)
	d.out.SetSubject(shown(info.Subject), true)
	d.out.SetCreator(shown(info.Creator), true)
	d.out.SetProducer(shown(info.Creator), true)
	d.out.SetLang("en")
	d.out.SetDisplayMode("fullwidth", "continuous")
	for _, f := range faces {
		d.out.AddUTF8FontFromBytes(f.name, "", f.data)
	}
	d.newPage()
	body(d)
	d.place(0) // headings that nothing followed
	if err := d.out.Error(); err != nil {
		return nil, fmt.Errorf("lay out PDF: %w", err)
	}
	return d, nil
}
