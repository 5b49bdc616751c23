package reports

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The structure that the usual readers agree on, in our own reading of the schemas that Jenkins (junit-10),
// Surefire and Ant publish: the attributes that each element has, no others, and the elements that may be in it, in
// their order. What one of them requires and another only allows is required.
var (
	junitAttrs = map[string][]string{
		"testsuites": {"name", "tests", "failures", "errors", "time"},
		"testsuite":  {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id"},
		"property":   {"name", "value"},
		"testcase":   {"name", "classname", "time"},
		"failure":    {"message", "type"},
		"error":      {"message", "type"},
		"skipped":    {"message"},
	}
	junitChildren = map[string][]string{
		"testsuites": {"testsuite"},
		"testsuite":  {"properties", "testcase"},
		"properties": {"property"},
		"testcase":   {"skipped", "failure", "error", "system-out"},
	}
	// junitValues are what the values of attributes must look like; others are any text.
	junitValues = map[string]*regexp.Regexp{
		"tests": junitCount, "failures": junitCount, "errors": junitCount, "skipped": junitCount, "id": junitCount,
		"time":      regexp.MustCompile(`^\d+\.\d{3}$`),
		"timestamp": regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$`),
		"hostname":  junitToken, "name": junitToken, "classname": junitToken, "type": junitToken,
	}
	junitCount = regexp.MustCompile(`^\d+$`)
	junitToken = regexp.MustCompile(`^\S+( \S+)*$`)
)

// junitFaults are where a document departs from the structure.
func junitFaults(e element) []string {
	name := e.XMLName.Local
	faults := attrFaults(e)
	place := 0
	for _, c := range e.Children {
		allowed := junitChildren[name]
		for place < len(allowed) && allowed[place] != c.XMLName.Local {
			place++
		}
		if place == len(allowed) {
			return append(faults, fmt.Sprintf("%s may not stand here in %s", c.XMLName.Local, name))
		}
		faults = append(faults, junitFaults(c)...)
	}
	return faults
}

func attrFaults(e element) []string {
	var faults []string
	name := e.XMLName.Local
	for _, want := range junitAttrs[name] {
		if _, ok := e.attr(want); !ok {
			faults = append(faults, fmt.Sprintf("%s has no %s", name, want))
		}
	}
	for _, a := range e.Attrs {
		if !slices.Contains(junitAttrs[name], a.Name.Local) {
			faults = append(faults, fmt.Sprintf("%s may have no %s", name, a.Name.Local))
		}
		if form := junitValues[a.Name.Local]; form != nil && name != "property" && !form.MatchString(a.Value) {
			faults = append(faults, fmt.Sprintf("%s %s=%q", name, a.Name.Local, a.Value))
		}
	}
	return faults
}

// TestJUnitReadingFindsFaults holds that the reading above is none that accepts everything.
func TestJUnitReadingFindsFaults(t *testing.T) {
	const suite = `<testsuite name="s" tests="1" failures="0" errors="0" skipped="0" time="1.000" timestamp="2026-03-02T09:15:00" hostname="localhost" id="0">`
	for doc, want := range map[string]string{
		suite + `</testsuite>`: "",
		strings.Replace(suite, `tests="1"`, "", 1) + `</testsuite>`:                                                                "has no tests",
		strings.Replace(suite, "1.000", "1.0s", 1) + `</testsuite>`:                                                                `time="1.0s"`,
		strings.Replace(suite, "09:15:00", "09:15:00Z", 1) + `</testsuite>`:                                                        "timestamp",
		strings.Replace(suite, `name="s"`, `name=""`, 1) + `</testsuite>`:                                                          `name=""`,
		strings.Replace(suite, `id="0"`, `id="0" drill="x"`, 1) + `</testsuite>`:                                                   "may have no drill",
		suite + `<testcase name="a" classname="b" time="1.000"/><properties/></testsuite>`:                                         "properties may not stand here",
		suite + `<testcase name="a" classname="b" time="1.000"><system-out/><failure message="" type="m"/></testcase></testsuite>`: "failure may not stand here",
		suite + `<testcase name="a" classname="b" time="1.000"><skipped/></testcase></testsuite>`:                                  "skipped has no message",
		suite + `<testcase name="a" classname="b" time="1.000"><failure message=""/></testcase></testsuite>`:                       "failure has no type",
	} {
		var root element
		if err := xml.Unmarshal([]byte(doc), &root); err != nil {
			t.Fatal(err)
		}
		faults := strings.Join(junitFaults(root), "; ")
		if want == "" && faults != "" || !strings.Contains(faults, want) {
			t.Errorf("%s\nfaults %q, want %q", doc, faults, want)
		}
	}
}
