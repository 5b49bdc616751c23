package history

import (
	"maps"
	"slices"
	"time"
)

// Comparison is what differs between two runs.
type Comparison struct {
	Before RunName `json:"before"`
	After  RunName `json:"after"`
	// Drills are those that came to run in both, in the order of the second run.
	Drills     []DrillChange `json:"drills"`
	OnlyBefore []string      `json:"onlyBefore"` // drills
	OnlyAfter  []string      `json:"onlyAfter"`
	Scripts    []FileChange  `json:"scripts"`
	Images     []FileChange  `json:"images"`
	Settings   []Setting     `json:"settings"`
}

// RunName is which run it was.
type RunName struct {
	ID        string    `json:"id"`
	StartedAt time.Time `json:"startedAt"`
	Verdict   string    `json:"verdict"`
	Accepted  bool      `json:"accepted,omitempty"` // missed within accepted risks
}

func nameOf(s Summary) RunName { return RunName{s.ID, s.StartedAt, s.Verdict, s.Accepted} }

// DrillChange is one drill in two runs. Seconds are medians over the repetitions that were restored,
// and nil where none was.
type DrillChange struct {
	Drill         string `json:"drill"`
	BeforeVerdict string `json:"beforeVerdict"`
	AfterVerdict  string `json:"afterVerdict"`
	// BeforeAccepted and AfterAccepted say that all that was missed was accepted.
	BeforeAccepted bool          `json:"beforeAccepted,omitempty"`
	AfterAccepted  bool          `json:"afterAccepted,omitempty"`
	BeforeSeconds  *float64      `json:"beforeSeconds"`
	AfterSeconds   *float64      `json:"afterSeconds"`
	Repetitions    [2]int        `json:"repetitions"` // that the medians are of
	P              *float64      `json:"p,omitempty"` // the probability of noise; nil where too few could show anything
	Phases         []PhaseChange `json:"phases"`
}

// FileChange is a script or an image; a digest is empty where the run did not have it.
type FileChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Compare compares two runs.
func Compare(before, after Summary) Comparison {
	c := Comparison{
		Before: nameOf(before), After: nameOf(after), Drills: []DrillChange{}, OnlyBefore: []string{}, OnlyAfter: []string{},
		Scripts:  fileChanges(digests(before.Scripts, ofScript), digests(after.Scripts, ofScript)),
		Images:   fileChanges(digests(before.Images, ofImage), digests(after.Images, ofImage)),
		Settings: append(append([]Setting{}, loadChanges(before, after)...), circumstances(before, after)...),
	}
	for _, drill := range after.Drills() {
		if len(before.Of(drill)) == 0 {
			c.OnlyAfter = append(c.OnlyAfter, drill)
			continue
		}
		c.Drills = append(c.Drills, drillChange(drill, before.Of(drill), after.Of(drill)))
	}
	for _, drill := range before.Drills() {
		if len(after.Of(drill)) == 0 {
			c.OnlyBefore = append(c.OnlyBefore, drill)
		}
	}
	return c
}

func drillChange(drill string, before, after []Result) DrillChange {
	was, is := recoveryTimes(before), recoveryTimes(after)
	change := DrillChange{
		Drill: drill, BeforeVerdict: worst(before), AfterVerdict: worst(after),
		BeforeAccepted: accepted(before), AfterAccepted: accepted(after), BeforeSeconds: median(was), AfterSeconds: median(is),
		Repetitions: [2]int{len(was), len(is)}, Phases: phaseChanges(before, after),
	}
	if enough(len(was), len(is)) {
		p := noise(was, is)
		change.P = &p
	}
	return change
}

// fileChanges are the names, sorted, whose digests differ or that only one run had.
func fileChanges(before, after map[string]string) []FileChange {
	names := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(after))
	slices.Sort(names)
	list := []FileChange{}
	for _, name := range slices.Compact(names) {
		if before[name] != after[name] {
			list = append(list, FileChange{name, before[name], after[name]})
		}
	}
	return list
}
