// Package controls says what drills evidence of the controls that auditors ask for. The controls, their
// claims and the drills behind each claim are data, in controls.yaml; what a run's verdicts make of them is
// computed here. A control is never better than the drills behind it.
package controls

// Status is how far the drills of one run evidence a claim or a control.
type Status string

// The statuses, best first.
const (
	// Evidenced means that every drill behind it ran and met its targets.
	Evidenced Status = "evidenced"
	// Partly means that nothing speaks against it, and that some drills behind it met their targets; others did
	// not run, or proved nothing.
	Partly Status = "partly evidenced"
	// Unevidenced means that no drill behind it met its targets, and none missed them.
	Unevidenced Status = "not evidenced"
	// Missed means that a drill behind it missed its targets, whatever the others did. That need not make the
	// claim wrong: the drill's reasons say what was missed.
	Missed Status = "missed"
)

// The verdicts of a drill, as the record words them, and the word for one that did not run. Any other
// word is as good as not proven.
const (
	met       = "met"
	missed    = "missed"
	notProven = "not-proven"

	// NotRun stands where a drill's verdict would be.
	NotRun = "not run"
)

// Control is one control of a standard and what a run says about it.
type Control struct {
	Standard string `yaml:"standard"`
	Edition  string `yaml:"edition"`
	ID       string `yaml:"id"`
	Title    string `yaml:"title"`
	// Asks is the control's demand in our words.
	Asks   string  `yaml:"asks"`
	Claims []Claim `yaml:"claims"`
	// Missing are what an auditor needs beside the drills.
	Missing []Need `yaml:"missing"`
	// Beyond is what no drill in containers can evidence.
	Beyond string `yaml:"beyond"`
	Status Status `yaml:"-"`
}

// Claim is one thing that drills evidence of a control.
type Claim struct {
	Evidences string   `yaml:"evidences"`
	Names     []string `yaml:"drills"`
	// Drills are the drills by those names with the verdicts of the run, in the same order.
	Drills []Drill `yaml:"-"`
	Status Status  `yaml:"-"`
}

// Drill is one drill behind a claim.
type Drill struct {
	Name    string
	Verdict string // the worst of its repetitions, or NotRun
}

// Need is something that an auditor needs beside the drills.
type Need struct {
	Text string `yaml:"text"`
	// Field is the path of the governance field that states it; empty where no field can.
	Field string `yaml:"field"`
	// Stated says whether the run's governance has that field.
	Stated bool `yaml:"-"`
}
