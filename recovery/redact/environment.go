package redact

import (
	"regexp"
	"strings"
)

// shortestValue is the length, in bytes, from which the value of a variable can be looked for in any text: a
// shorter one would be found where it is none.
const shortestValue = 8

var (
	secretName = regexp.MustCompile(`(?i)^(?:[a-z0-9_]*(?:` + secretNames + `)[a-z0-9_]*|(?:[a-z0-9_]*_)?pass)$`)
	// choice is a value that switches something on or off, and no secret.
	choice = regexp.MustCompile(`(?i)^(?:[0-9]?|true|false|yes|no|on|off|none|null|always|never)$`)
)

// Environment are the values of those variables whose names say that they hold a secret. The entries are
// as of os.Environ. A value that is too short, or is one of the words that are spoken anyway, would be found
// where it is no secret: of these the names are returned. They are hidden by their look alone, as what is
// assigned to a name, told by a flag or part of a URL.
func Environment(entries []string, spoken func(string) bool) (secrets, common []string) {
	for _, entry := range entries {
		name, value, _ := strings.Cut(entry, "=")
		if !secretName.MatchString(name) || !telling(name+"=x") || choice.MatchString(value) {
			continue
		}
		if value = unspoken(value, spoken); len(value) < shortestValue {
			common = append(common, name)
		} else {
			secrets = append(secrets, value)
		}
	}
	return secrets, common
}

// unspoken is the value without the lines that are spoken anyway: each of its lines will be looked for.
func unspoken(value string, spoken func(string) bool) string {
	var kept []string
	for _, line := range linesOf(value) {
		if !spoken(line) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
