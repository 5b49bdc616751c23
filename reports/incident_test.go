package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allIncidents writes the incident reports of a run one after another, each below its file's name.
func allIncidents(w io.Writer, r Record) error {
	var errs []error
	for _, o := range incidents(r) {
		_, err := fmt.Fprintf(w, "==> %s\n", o.name)
		errs = append(errs, err, o.render(w, r))
	}
	return errors.Join(errs...)
}

func incidentText(t *testing.T, d Drill) string {
	t.Helper()
	var b bytes.Buffer
	if err := Incident(&b, sampleRecord(d), 0); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// placeholder matches what the playbook's template leaves to be filled in.
var placeholder = regexp.MustCompile(`YYYY|HH:MM|P1/P2/P3|\b[XYZ] (hours|runs|users|minutes)|\[Title\]`)

func TestIncidentFillsInTheTemplate(t *testing.T) {
	for _, d := range showcase().Drills {
		text := incidentText(t, d)
		for _, heading := range []string{
			"# Incident Report: ", "**Date:** ", "**Duration:** ", "**Severity:** ", "## Summary", "## Timeline",
			"## Root Cause", "## Impact", "## Recovery Actions", "## Prevention", "## Action Items",
		} {
			if !strings.Contains(text, heading) {
				t.Errorf("%s: there is no %q", d.Name, heading)
			}
		}
		if found := placeholder.FindString(text); found != "" {
			t.Errorf("%s: a placeholder is left: %q", d.Name, found)
		}
		for _, s := range recoverySteps(d) {
			if !strings.Contains(text, inline(s.Name)) {
				t.Errorf("%s: the step %q is missing", d.Name, s.Name)
			}
		}
		for _, reason := range d.Reasons {
			if strings.Count(text, inline(reason)) < 2 {
				t.Errorf("%s: the reason %q is not both in the summary and in the action items", d.Name, reason)
			}
		}
	}
}

func TestIncidentTellsTimesBothWays(t *testing.T) {
	text := incidentText(t, volumeLoss())
	for _, want := range []string{
		"**Date:** 2026-03-02  \n",
		"**Duration:** 23:59:43.500 - 2026-03-03 00:00:25.200 UTC (41.70 s ± 21 ms)",
		"- 23:59:43.500 (0) - Fault injected",
		"- 23:59:43.560 (+60 ms) - Issue detected",
		"- 2026-03-03 00:00:25.200 (+41.7 s) - Service restored",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

func TestIncidentInventsNothing(t *testing.T) {
	text := incidentText(t, corruptJSON()) // its record holds no wall clock, and it was not restored
	for _, want := range []string{
		"UTC not recorded", "the service was not restored", "**Severity:** *not recorded; the platform lead adds it*",
		"Users affected: *not recorded", "Business impact: *not recorded", "Team alerted: *not recorded",
		"of which not measured lost",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if clock := regexp.MustCompile(`\d\d:\d\d:\d\d`).FindString(text); clock != "" {
		t.Errorf("a time by the clock that the record does not hold: %s", clock)
	}
}

func TestIncidentOfADrillThatEndedBeforeItsFault(t *testing.T) {
	d := postgresKill()
	d.Verdict, d.Reasons, d.Hit = NotProven, []string{"start the stack: no engine answers"}, ""
	d.Timeline, d.Steps, d.RPO, d.RTO = []Event{{"began", 0}}, nil, nil, RTO{TargetSeconds: 900, Verdict: NotProven}
	text := incidentText(t, d)
	for _, want := range []string{"**Duration:** none; the drill ended before its fault", "which would have been: SIGKILL", "No recovery step ran."} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

func TestIncidentFilesHaveNamesOfTheirOwn(t *testing.T) {
	again, nameless := redisKill(), redisKill()
	again.Repetition = 2
	nameless.Name = "../?"
	same := redisKill()
	same.Name = "Redis kill"
	var names []string
	for _, o := range incidents(sampleRecord(redisKill(), again, nameless, same)) {
		names = append(names, o.name)
	}
	want := []string{"incident-redis-kill.md", "incident-redis-kill-2.md", "incident--drill-3.md", "incident-redis-kill-drill-4.md"}
	if !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
	if err := Incident(io.Discard, sampleRecord(), 0); err == nil {
		t.Error("a drill that is not there was written")
	}
}
