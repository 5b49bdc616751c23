package drills

import (
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// Phase is one of the numbered phases of a rehearsal, as shown to a person.
type Phase string

// The phases of a drill, in their order.
const (
	PhaseStack   Phase = "start the stack"
	PhaseLoad    Phase = "load the data"
	PhaseSteady  Phase = "steady state"
	PhaseBackup  Phase = "back up"
	PhaseFault   Phase = "inject the fault"
	PhaseDetect  Phase = "detect"
	PhaseRecover Phase = "recover"
	PhaseHold    Phase = "hold"
	PhaseVerify  Phase = "verify"
	PhaseClean   Phase = "clean up"
)

// Progress is one piece of news of a running drill. Observers get it from several goroutines.
type Progress struct {
	Drill      string
	Repetition int
	At         time.Duration // since the drill began
	Kind       ProgressKind
	Phase      Phase   // of PhaseBegan
	Script     string  // of StepBegan and StepEnded
	Step       string  // of StepBegan and StepEnded
	ExitCode   int     // of StepEnded
	Seconds    float64 // of StepEnded: how long it took
	Note       string  // of Noted: a plain sentence
	// Down is how long the service has been down, of Ticked; negative while it is up.
	Down time.Duration
	// WritesPerSecond are the acknowledged writes of the last second, of Ticked.
	WritesPerSecond float64
	// Result is the drill's record, of DrillEnded.
	Result *reports.Drill
}

// ProgressKind says what a Progress tells.
type ProgressKind int

// The kinds of news.
const (
	DrillBegan ProgressKind = iota
	PhaseBegan
	StepBegan
	StepEnded
	Ticked
	Noted
	DrillEnded
)

// Observer is told of the progress of a run. It must be quick and safe for concurrent use.
type Observer func(Progress)
