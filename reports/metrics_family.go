package reports

import (
	"fmt"
	"strconv"
	"strings"
)

// family is one metric with all its samples. All are gauges.
type family struct {
	name, unit, help string
	lines            []string        // samples, as written
	seen             map[string]bool // label sets
	twice            string          // the first label set that came a second time
}

// newFamily names a metric. A unit is also the end of the name, as OpenMetrics has it.
func newFamily(name, unit, help string) *family {
	return &family{name: name, unit: unit, help: help, seen: map[string]bool{}}
}

// add writes a sample with labels, given as name and value in turn. A value that is no finite number
// was not measured, and gets none.
func (f *family) add(v float64, labels ...string) {
	if !finite(v) {
		return
	}
	set := labelSet(labels)
	if f.seen[set] && f.twice == "" {
		f.twice = set
	}
	f.seen[set] = true
	f.lines = append(f.lines, f.name+set+" "+strconv.FormatFloat(v, 'f', -1, 64))
}

// labelEscapes are those that the text format and OpenMetrics know.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labelSet writes labels in braces, without those that are empty: to Prometheus they are the same.
func labelSet(labels []string) string {
	var parts []string
	for i := 0; i+1 < len(labels); i += 2 {
		if value := oneLine(labels[i+1]); value != "" {
			parts = append(parts, labels[i]+`="`+labelEscapes.Replace(value)+`"`)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// write writes the family; one without samples is left out. Two samples with the same labels are an
// error, since the collector refuses them.
func (f *family) write(b *strings.Builder) error {
	if f.twice != "" {
		return fmt.Errorf("%s has two samples with the labels %s: the record holds the same drill twice", f.name, f.twice)
	}
	if len(f.lines) == 0 {
		return nil
	}
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s gauge\n", f.name, f.help, f.name)
	if f.unit != "" {
		fmt.Fprintf(b, "# UNIT %s %s\n", f.name, f.unit)
	}
	b.WriteString(strings.Join(f.lines, "\n") + "\n")
	return nil
}
