package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The elements of a JUnit report, as far as Jenkins, GitLab and GitHub read them. Every attribute
// that the Jenkins schema requires is always written.
type (
	junitReport struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		ID         int             `xml:"id,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`

		seconds float64
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		SystemOut string        `xml:"system-out,omitempty"`

		seconds float64
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the record as a JUnit report: a suite a scenario, a case a drill and repetition. A
// missed drill is a failure, one that is not proven an error; so is a run that drilled nothing or
// ended early. A drill of which all that it missed is accepted is skipped, with what it missed: that is what pipelines
// show and do not fail by. An accepted risk is a case too, which fails when it expired or closed.
func JUnit(w io.Writer, r Record) error {
	report := junitReport{Name: "drdrill", Suites: junitSuites(r)}
	seconds := 0.0
	for i := range report.Suites {
		s := &report.Suites[i]
		s.total()
		report.Tests += s.Tests
		report.Failures += s.Failures
		report.Errors += s.Errors
		seconds += s.seconds
	}
	report.Time = junitSeconds(seconds)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(report); err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	return nil
}

// junitSuites groups the drills by scenario, in the order in which the scenarios first appear.
func junitSuites(r Record) []junitSuite {
	var suites []junitSuite
	place := map[string]int{}
	numbered := repeated(r)
	for _, d := range r.Drills {
		i, ok := place[d.Scenario]
		if !ok {
			i = len(suites)
			place[d.Scenario] = i
			suites = append(suites, newJUnitSuite(r.Run, scenarioWords(d.Scenario), i))
		}
		suites[i].Cases = append(suites[i].Cases, drillCase(d, numbered))
	}
	if len(r.Risks) > 0 {
		s := newJUnitSuite(r.Run, "accepted risks", len(suites))
		for _, risk := range r.Risks {
			s.Cases = append(s.Cases, riskCase(risk))
		}
		suites = append(suites, s)
	}
	if problem := runProblem(r); problem != nil {
		s := newJUnitSuite(r.Run, "run", len(suites))
		s.Cases = []junitCase{{Name: "the run finished", ClassName: "drdrill.run", Error: problem}}
		suites = append(suites, s)
	}
	return suites
}

func newJUnitSuite(run Run, name string, id int) junitSuite {
	return junitSuite{
		Name:      name,
		Timestamp: run.StartedAt.UTC().Format("2006-01-02T15:04:05"),
		Hostname:  "localhost", // the machine's own name is not in the record
		ID:        id,
		Properties: []junitProperty{
			{"drdrill.run", oneLine(run.ID)},
			{"drdrill.version", oneLine(run.Version)},
			{"drdrill.seed", strconv.FormatUint(run.Seed, 10)},
		},
	}
}

// total fills in what a suite says about its cases.
func (s *junitSuite) total() {
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Time = junitSeconds(c.seconds)
		s.seconds += c.seconds
		if c.Failure != nil {
			s.Failures++
		}
		if c.Error != nil {
			s.Errors++
		}
		if c.Skipped != nil {
			s.Skipped++
		}
	}
	s.Tests = len(s.Cases)
	s.Time = junitSeconds(s.seconds)
}

func junitSeconds(s float64) string { return strconv.FormatFloat(max(s, 0), 'f', 3, 64) }

// drillCase is a drill as a test case.
func drillCase(d Drill, numbered bool) junitCase {
	c := junitCase{
		Name:      heading(d, numbered),
		ClassName: "drdrill." + slug(d.Scenario),
		SystemOut: drillFigures(d),
		seconds:   drillSeconds(d),
	}
	if d.Verdict == Met {
		return c
	}
	why := plain(strings.Join(reasonsOf(d), "\n"))
	problem := &junitProblem{Message: drillMessage(d), Type: verdictWords(d.Verdict), Text: why}
	switch {
	case d.Accepted() != nil:
		c.Skipped = &junitSkipped{drillMessage(d), why}
	case d.Verdict == Missed:
		c.Failure = problem
	default:
		c.Error = problem
	}
	return c
}

// riskCase is an accepted risk as a test case.
func riskCase(risk Risk) junitCase {
	c := junitCase{Name: risk.name(), ClassName: "drdrill.risks", SystemOut: risk.inFull() + "\n"}
	problem := &junitProblem{Message: risk.words(), Type: verdictWords(risk.State), Text: risk.inFull()}
	switch risk.State {
	case RiskAccepted:
	case RiskExpired, RiskClosed:
		problem.Type = risk.State
		c.Failure = problem
	default:
		c.Error = problem
	}
	return c
}

// drillMessage says what was measured, what was allowed, and which step took longest.
func drillMessage(d Drill) string {
	parts := []string{
		verdictOf(d),
		fmt.Sprintf("RTO measured %s, allowed %s", rtoWords(d.RTO), rtoTarget(d.RTO)),
	}
	if p, ok := worstRPO(d); ok {
		parts = append(parts, fmt.Sprintf("RPO of %s %s, allowed %s", oneLine(p.Class), rpoWords(p), duration(p.TargetSeconds)))
	}
	parts = append(parts, "lost writes "+lostWords(d))
	if s, ok := longestStep(d); ok {
		parts = append(parts, fmt.Sprintf("longest step “%s” (%s) took %s", oneLine(s.Name), oneLine(s.Script), duration(s.Seconds)))
	} else {
		parts = append(parts, "no recovery step ran")
	}
	return strings.Join(parts, "; ")
}

// drillFigures are the figures of a drill, a line each.
func drillFigures(d Drill) string {
	var b strings.Builder
	fmt.Fprintf(&b, "RTO %s, target %s: %s\n", rtoWords(d.RTO), rtoTarget(d.RTO), verdictWords(d.RTO.Verdict))
	for _, p := range d.RPO {
		fmt.Fprintf(&b, "RPO %s %s, target %s: %s; %s acknowledged, %s lost, %s unknown, %s phantom, %s mutated\n",
			oneLine(p.Class), rpoWords(p), duration(p.TargetSeconds), verdictWords(p.Verdict),
			count(p.Acknowledged), foundWords(p, p.Lost), count(p.Unknown), foundWords(p, p.Phantom), foundWords(p, p.Mutated))
	}
	if d.Workers != nil {
		fmt.Fprintf(&b, "workers’ queue settings %s\n", workerWords(d.Workers))
	}
	if words := archiveWords(d.Archive); words != "" {
		fmt.Fprintf(&b, "there beside the workload’s writes: %s\n", words)
	}
	for _, p := range d.Proofs {
		fmt.Fprintf(&b, "proof %s: %s: %s\n", oneLine(p.Name), verdictWords(p.Verdict), oneLine(p.Detail))
	}
	for _, s := range d.Steps {
		fmt.Fprintf(&b, "step %s / %s: %s, exit %s\n", oneLine(s.Script), oneLine(s.Name), duration(s.Seconds), exitWords(s))
	}
	return b.String()
}

// runProblem is what is wrong with the run as a whole; nil when nothing is.
func runProblem(r Record) *junitProblem {
	switch {
	case r.Run.Aborted != "":
		message := fmt.Sprintf("the run ended early: %s; %s finished", oneLine(r.Run.Aborted), plural(len(r.Drills), "drill"))
		return &junitProblem{Message: message, Type: "aborted", Text: message}
	case len(r.Drills) == 0:
		message := "the run drilled nothing"
		return &junitProblem{Message: message, Type: "empty", Text: message}
	}
	return nil
}
