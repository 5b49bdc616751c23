package governance

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed drdrill.yaml.tmpl
var blankText string

var blank = template.Must(template.New(FileName).Parse(blankText))

// line is one target of the file.
type line struct{ Key, Value string }

// Blank is a drdrill.yaml to fill in, which states the targets and leaves everything else empty.
func Blank(t Targets) ([]byte, error) {
	var out bytes.Buffer
	err := blank.Execute(&out, map[string][]line{
		"RTO":     stated(Scenarios(), t.RTO, Duration.String),
		"RPO":     stated(Classes(), t.RPO, Duration.String),
		"Backups": stated(Backups(), t.Backups, quoted),
	})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", FileName, err)
	}
	return out.Bytes(), nil
}

// stated are the lines of what is stated, in the order of the words.
func stated[K ~string, V any](words []K, values map[K]V, text func(V) string) (lines []line) {
	for _, word := range words {
		if value, ok := values[word]; ok {
			lines = append(lines, line{string(word), text(value)})
		}
	}
	return lines
}

// quoted is a schedule as the file has it: cron's stars mean something in YAML.
func quoted(s Schedule) string {
	if strings.Contains(s.text, " ") {
		return `"` + s.text + `"`
	}
	return s.text
}
