package reports

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"
)

// element is any element of an XML document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (e element) attr(name string) (string, bool) {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

func (e element) all(name string) []element {
	var found []element
	for _, c := range e.Children {
		if c.XMLName.Local == name {
			found = append(found, c)
		}
	}
	return found
}

func (e element) number(t *testing.T, name string) int {
	t.Helper()
	v, _ := e.attr(name)
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		t.Errorf("%s %s=%q is no count", e.XMLName.Local, name, v)
	}
	return n
}

func junitOf(t *testing.T, r Record) element {
	t.Helper()
	var b bytes.Buffer
	if err := JUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	var root element
	if err := xml.Unmarshal(b.Bytes(), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestJUnitStructure(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			root := junitOf(t, s.record)
			for _, fault := range junitFaults(root) {
				t.Error(fault)
			}
			tests, failures, errs := 0, 0, 0
			for _, suite := range root.all("testsuite") {
				tests += suite.number(t, "tests")
				failures += suite.number(t, "failures")
				errs += suite.number(t, "errors")
				checkCounts(t, suite)
			}
			if tests != root.number(t, "tests") || failures != root.number(t, "failures") || errs != root.number(t, "errors") {
				t.Error("the suites do not add up to the whole")
			}
		})
	}
}

func checkCounts(t *testing.T, suite element) {
	t.Helper()
	cases := suite.all("testcase")
	failures, errs, skipped := 0, 0, 0
	names := map[string]bool{}
	for _, c := range cases {
		failures += len(c.all("failure"))
		errs += len(c.all("error"))
		skipped += len(c.all("skipped"))
		name, _ := c.attr("name")
		if names[name] {
			t.Errorf("two cases are named %q", name)
		}
		names[name] = true
	}
	if suite.number(t, "tests") != len(cases) || suite.number(t, "failures") != failures || suite.number(t, "errors") != errs || suite.number(t, "skipped") != skipped {
		t.Errorf("the counts of suite %v do not agree with its cases", suite.Attrs)
	}
}

func TestJUnitVerdicts(t *testing.T) {
	root := junitOf(t, showcase())
	want := map[string]string{"postgres-kill": "", "postgres-volume-loss-dump": "failure", "corrupt-json": "error"}
	seen := 0
	for _, suite := range root.all("testsuite") {
		for _, c := range suite.all("testcase") {
			name, _ := c.attr("name")
			kind, ok := want[name]
			if !ok {
				continue
			}
			seen++
			if got := len(c.all("failure")) + len(c.all("error")); (kind == "") != (got == 0) {
				t.Errorf("%s has %d problems, want %q", name, got, kind)
			}
			if kind != "" && len(c.all(kind)) != 1 {
				t.Errorf("%s has no %s", name, kind)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d cases found, want %d", seen, len(want))
	}
}

// What is accepted must not fail a pipeline, and be seen; what is accepted no more must fail it.
func TestJUnitOfAcceptedRisks(t *testing.T) {
	within := junitOf(t, acceptedRecord())
	if within.number(t, "failures")+within.number(t, "errors") != 0 {
		t.Error("an accepted miss is a failure")
	}
	var skipped []element
	for _, suite := range within.all("testsuite") {
		for _, c := range suite.all("testcase") {
			skipped = append(skipped, c.all("skipped")...)
		}
	}
	if len(skipped) != 1 {
		t.Fatalf("%d cases are skipped, want 1", len(skipped))
	}
	if message, _ := skipped[0].attr("message"); !strings.HasPrefix(message, "missed, accepted until 2026-05-31 by head of platform; ") {
		t.Errorf("it says %q", message)
	}
	closed := acceptedRecord()
	for i := range closed.Risks {
		closed.Risks[i].State = []string{RiskClosed, RiskExpired}[i]
	}
	if n := junitOf(t, closed).number(t, "failures"); n != 2 {
		t.Errorf("%d failures of a risk that closed and one that expired, want 2", n)
	}
}

func TestJUnitMessageSaysMeasuredAllowedAndLongestStep(t *testing.T) {
	message := drillMessage(volumeLoss())
	for _, want := range []string{"measured 41.70 s ± 21 ms", "allowed 15 min", "longest step “restore the dump” (restore-postgres-dump.sh) took 24.1 s"} {
		if !strings.Contains(message, want) {
			t.Errorf("message %q does not say %q", message, want)
		}
	}
}

func TestJUnitOfARunThatProvesNothingIsNotGreen(t *testing.T) {
	aborted := showcase()
	aborted.Drills = aborted.Drills[:1] // met
	aborted.Run.Aborted = "interrupted"
	for name, r := range map[string]Record{"empty": {}, "aborted": aborted} {
		if junitOf(t, r).number(t, "errors") != 1 {
			t.Errorf("%s: no error", name)
		}
	}
}
