package reports

import "time"

// History is a run's place in the hash-chained history of runs. The entry of the run itself holds
// the SHA-256 of its record, so that the record can name only what was there before it.
type History struct {
	Entry int `json:"entry"` // the run's place, from 1
	// Previous is the SHA-256 of the entry before; empty for the first. Whoever keeps this record
	// apart from the history can show with it that the entries before this one are as they were.
	Previous string `json:"previous"`
}

// Past is what an earlier run came to in one drill.
type Past struct {
	RunID   string    `json:"runId"`
	At      time.Time `json:"at"`
	Verdict string    `json:"verdict"` // the worst of its repetitions
	// RTOSeconds is the median over the repetitions that were restored; nil when none was.
	RTOSeconds *float64 `json:"rtoSeconds"`
}

// Regression is the comparison of a drill's recovery time with a baseline. Seconds throughout.
type Regression struct {
	// Baseline is the run that the drill is held against; empty when there is none.
	Baseline string `json:"baseline"`
	// Verdict is missed when recovery became slower, beyond the noise of the repetitions and by at
	// least a fifth; not proven when that cannot be told.
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"` // the verdict in a sentence
	// Otherwise is the drill's verdict without this comparison, of the same repetition.
	Otherwise string `json:"otherwise"`

	BaselineSeconds []float64 `json:"baselineSeconds,omitempty"` // of each repetition that was restored
	Seconds         []float64 `json:"seconds,omitempty"`
	// P is the probability that noise alone brings about as great a difference, in either direction;
	// nil when there is nothing to compare. Alpha is what it must be below.
	P     *float64 `json:"p,omitempty"`
	Alpha float64  `json:"alpha"`
	// Slowest is the phase whose median grew most; nil where recovery did not become slower.
	Slowest *Slower `json:"slowest,omitempty"`
	// Differences are what else was not as in the baseline: scripts, images, the machine.
	Differences []string `json:"differences,omitempty"`
}

// Slower is a phase that takes longer than in the baseline. Medians, in seconds.
type Slower struct {
	Phase           string  `json:"phase"`
	BaselineSeconds float64 `json:"baselineSeconds"`
	Seconds         float64 `json:"seconds"`
}
