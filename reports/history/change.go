package history

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cogitator-ai/drdrill/reports"
)

// library is the file that all scripts share, so that its change is one of each of them.
const library = "lib.sh"

// changedScripts name the scripts of a drill that are not the same in both runs.
func changedScripts(a, b Summary, drill string) []string {
	used := []string{library}
	for _, r := range append(a.Of(drill), b.Of(drill)...) {
		used = append(used, r.Scripts...)
	}
	return changed("script", used, digests(a.Scripts, ofScript), digests(b.Scripts, ofScript))
}

// changedImages name the images that both runs used, and that are not the same.
func changedImages(a, b Summary) []string {
	before, after := digests(a.Images, ofImage), digests(b.Images, ofImage)
	var both []string
	for key := range before {
		if _, too := after[key]; too {
			both = append(both, key)
		}
	}
	return changed("image", both, before, after)
}

func ofScript(s reports.Script) string { return s.SHA256 }

func ofImage(i reports.Image) string { return i.Digest }

func digests[T any](from map[string]T, of func(T) string) map[string]string {
	all := make(map[string]string, len(from))
	for name, v := range from {
		all[name] = of(v)
	}
	return all
}

// changed are the names, sorted, whose digests differ.
func changed(noun string, names []string, a, b map[string]string) []string {
	var list []string
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if a[name] != b[name] {
			list = append(list, noun+" "+name)
		}
	}
	return list
}

// Setting is something that two runs may differ in beside scripts and images.
type Setting struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func (s Setting) String() string { return fmt.Sprintf("%s: %s → %s", s.Name, s.Before, s.After) }

// loadChanges are those of what decides how much work a recovery has and what it can work with: runs that differ in
// them cannot be compared. What one run does not tell is no difference.
func loadChanges(a, b Summary) []Setting {
	return differing([]Setting{
		{"scale", a.Scale, b.Scale},
		{"drills at a time", figure(a.Parallel), figure(b.Parallel)},
		{"CPUs", figure(a.Host.CPUs), figure(b.Host.CPUs)},
		{"architecture", a.Host.Arch, b.Host.Arch},
	}, Setting{"writes a second", rateWords(a), rateWords(b)}, Setting{"choices", choiceWords(a), choiceWords(b)})
}

// circumstances are what else runs can differ in and still be compared.
func circumstances(a, b Summary) []Setting {
	return differing([]Setting{
		{"drdrill", a.Version, b.Version},
		{"kernel", a.Host.Kernel, b.Host.Kernel},
		{"memory in MiB", figure(int(a.Host.MemoryBytes >> 20)), figure(int(b.Host.MemoryBytes >> 20))},
		{"engine", strings.TrimSpace(a.Engine.Name + " " + a.Engine.Version), strings.TrimSpace(b.Engine.Name + " " + b.Engine.Version)},
	})
}

// differing are the settings that both runs tell and that differ, and those of always that differ.
func differing(told []Setting, always ...Setting) []Setting {
	var list []Setting
	for _, s := range told {
		if s.Before != "" && s.After != "" && s.Before != s.After {
			list = append(list, s)
		}
	}
	for _, s := range always {
		if s.Before != s.After {
			list = append(list, s)
		}
	}
	return list
}

// figure is a number in words; empty for zero, which stands for one that was not told.
func figure(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func rateWords(s Summary) string {
	if s.Rate == 0 {
		return "each drill's own"
	}
	return strconv.Itoa(s.Rate)
}

func choiceWords(s Summary) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(s.Choices)) {
		words = append(words, key+"="+s.Choices[key])
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}
