package reports

import (
	"fmt"
	"slices"
	"strings"
)

// scopeWords say what the run drilled: how much, of what, on which servers.
func scopeWords(r Record) string {
	scenarios := map[string]bool{}
	for _, d := range r.Drills {
		scenarios[d.Scenario] = true
	}
	words := fmt.Sprintf("%s of %s", plural(len(r.Drills), "drill"), plural(len(scenarios), "scenario"))
	if servers := serverWords(r); len(servers) > 0 {
		words += " on " + strings.Join(servers, ", ")
	}
	if r.Run.Scale != "" {
		words += "; data of scale " + oneLine(r.Run.Scale)
	}
	return words
}

// server is a server by the name of its service, and what it says its version is.
type server struct{ name, version string }

// serverWords name the servers of all drills, sorted. Members of a cluster and replicas of the same
// version go without saying.
func serverWords(r Record) []string {
	var servers []server
	for _, d := range r.Drills {
		for name, version := range d.Versions {
			short, _, _ := strings.Cut(oneLine(version), " (") // without the packager's words
			servers = append(servers, server{oneLine(name), short})
		}
	}
	var words []string
	for _, s := range servers {
		alike := func(t server) bool { return strings.HasPrefix(s.name, t.name+"-") && s.version == t.version }
		if !slices.ContainsFunc(servers, alike) {
			words = append(words, s.name+" "+s.version)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
