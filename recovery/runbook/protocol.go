package runbook

import (
	"regexp"
	"strings"
	"time"
)

var (
	stepLine     = regexp.MustCompile(`^==> +(.*\S)\s*$`)
	stepDeadline = regexp.MustCompile(`^(.*\S)\s+\(deadline ([^()]+)\)$`)
	factLine     = regexp.MustCompile(`^fact +([A-Za-z0-9_.-]+) +(.*\S)\s*$`)
)

// parseStep reads a line that begins a step. The deadline is zero where the line has none; one that makes no
// sense stays in the name, where it is seen.
func parseStep(line string) (name string, deadline time.Duration, ok bool) {
	match := stepLine.FindStringSubmatch(line)
	// tail and head print "==> file <==" above each of several files.
	if match == nil || strings.HasSuffix(match[1], "<==") {
		return "", 0, false
	}
	name = match[1]
	if match := stepDeadline.FindStringSubmatch(name); match != nil {
		if d, err := time.ParseDuration(match[2]); err == nil && d > 0 {
			name, deadline = match[1], d
		}
	}
	return name, deadline, true
}

// parseFact reads a line that notes a fact.
func parseFact(line string) (name, value string, ok bool) {
	match := factLine.FindStringSubmatch(line)
	if match == nil {
		return "", "", false
	}
	return match[1], match[2], true
}
