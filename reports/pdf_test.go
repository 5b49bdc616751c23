package reports

import (
	"bytes"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports/pdf/pdftest"
)

func pdfOf(t *testing.T, r Record) pdftest.Document {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, r); err != nil {
		t.Fatal(err)
	}
	return pdftest.Read(t, b.Bytes())
}

// The pages' text and the outline; how it looks is looked at.
func TestPDFGolden(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			compare(t, "testdata/"+s.name+".pdf.golden", []byte(pdfOf(t, s.record).Text()))
		})
	}
}

func TestPDFHoldsEveryDrillAndEveryReason(t *testing.T) {
	r := showcase()
	doc := pdfOf(t, r)
	text := doc.Flat()
	holds := func(drill, what string) {
		t.Helper()
		if want := pdftest.Squeezed(oneLine(what)); !strings.Contains(text, want) {
			t.Errorf("%s: %q is missing", drill, want)
		}
	}
	for _, d := range r.Drills {
		if !slices.Contains(doc.Outline, "  "+heading(d, false)) {
			t.Errorf("%s is not in the outline %q", d.Name, doc.Outline)
		}
		for _, reason := range d.Reasons {
			holds(d.Name, reason)
		}
		for _, proof := range d.Proofs {
			holds(d.Name, proof.Detail)
		}
		if d.Verdict == Met {
			continue // it is brief, and says where the rest is
		}
		for _, s := range d.Steps {
			holds(d.Name, s.Name)
		}
		for _, e := range d.Evidence {
			holds(d.Name, e.SHA256)
		}
	}
	for _, c := range caveats(r) {
		holds("caveats", c.Text)
	}
}

// No heading is in the last lines of a page: something of its part stands below it.
func TestPDFHeadingsAreWithWhatFollows(t *testing.T) {
	for _, s := range append(samples(), sample{"showcase", showcase()}) {
		doc := pdfOf(t, s.record)
		for n, page := range doc.Pages {
			page = slices.DeleteFunc(page, func(l pdftest.Line) bool { return l.Y < 50 || l.Y > 775 })
			if len(page) == 0 {
				t.Errorf("%s: page %d is empty", s.name, n+1)
				continue
			}
			lowest := slices.MinFunc(page, func(a, b pdftest.Line) int { return int((a.Y - b.Y) * 100) })
			if strings.HasSuffix(lowest.Font, "sans-bold") && lowest.Size >= 10 {
				t.Errorf("%s: page %d ends with the heading %q", s.name, n+1, lowest.Words)
			}
		}
	}
}

func TestPDFIsTheSameForTheSameRecord(t *testing.T) {
	var first bytes.Buffer
	if err := PDF(&first, showcase()); err != nil {
		t.Fatal(err)
	}
	for range 3 { // maps are walked in another order each time
		var again bytes.Buffer
		if err := PDF(&again, showcase()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Fatal("the same record, and other bytes")
		}
	}
}

func TestPDFOfFiguresThatAreNoNumbers(t *testing.T) {
	d := volumeLoss()
	d.RTO.MeasuredSeconds, d.RTO.TargetSeconds, d.RTO.UncertaintySeconds = seconds(math.Inf(1)), math.MaxFloat64, math.NaN()
	d.RTO.Phases[0].Seconds, d.Timeline[2].AtSeconds, d.Steps[0].Seconds = math.NaN(), math.Inf(-1), -1e300
	d.Activity = append(d.Activity, Second{AtSecond: 1 << 30, Acknowledged: math.MaxInt32})
	for _, r := range []Record{sampleRecord(d), {}, {Drills: []Drill{{}}}} {
		if err := PDF(io.Discard, r); err != nil {
			t.Error(err)
		}
	}
}

func TestPDFShowsTheHistory(t *testing.T) {
	d := postgresKill()
	d.Trend = []Past{{RunID: "earlier-run", At: sampleRecord().Run.StartedAt, Verdict: Missed}}
	d.Regression = &Regression{Baseline: "earlier-run", Verdict: Missed, Reason: "recovery takes 40 % longer", Differences: []string{"another script: x.sh"}}
	r := sampleRecord(d)
	r.Findings = []string{"entry 3 was altered"}
	text := pdfOf(t, r).Flat()
	for _, want := range []string{"earlier-run", "notrestored", "Recoverytakes40%longer", "anotherscript:x.sh", "entry3wasaltered"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestPDFShowsGovernanceAndControls(t *testing.T) {
	r := governedRecord()
	doc := pdfOf(t, r)
	text := doc.Flat()
	for _, s := range statements(r.Governance, r.Run.StartedAt) {
		if want := pdftest.Squeezed(stated(s)); !strings.Contains(text, want) {
			t.Errorf("%s: %q is missing", s.Name, want)
		}
	}
	for _, c := range assessControls(r) {
		if want := "  " + c.Standard + " " + c.ID + " " + c.Title; !slices.Contains(doc.Outline, want) {
			t.Errorf("%q is not in the outline", want)
		}
		if !strings.Contains(text, pdftest.Squeezed(c.Beyond)) {
			t.Errorf("%s %s: what no container drill can evidence is missing", c.Standard, c.ID)
		}
	}
}
