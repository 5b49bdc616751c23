package runbook

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/redact"
)

// A script can print as many markers as it likes: beyond these numbers they are plain output, so that a
// transcript stays of bounded size.
const (
	maxSteps = 500
	maxFacts = 500
)

// recorder makes the transcript of one run from its output. It is the executor's writer: what is
// written passes the redactor, then the splitter, then the guesser, then becomes steps, facts and output.
type recorder struct {
	runner Runner
	script Script
	end    context.CancelCauseFunc // of the execution

	mu         sync.Mutex
	redactor   *redact.Stream // of known secrets
	guesser    redact.Lines
	splitter   splitter
	log        *logger
	transcript Transcript
	now        time.Duration // when what is being recorded came
	output     excerpt       // of the step that runs
	timer      *time.Timer   // of the step that runs
	armed      int           // how many timers there were: one that fires late is of no step
	timedOut   bool
	ended      bool
}

func newRecorder(r Runner, s Script, end context.CancelCauseFunc) *recorder {
	rec := &recorder{
		runner: r, script: s, end: end,
		redactor:   redact.NewStream(r.Secrets),
		log:        &logger{out: r.Log},
		transcript: Transcript{Facts: map[string]string{}},
	}
	rec.transcript.Script = rec.redactor.Text(s.Name)
	rec.splitter.take = rec.take
	return rec
}

// start begins the time before the first step. It becomes a step of its own only if the script prints
// something in it, or never begins another.
func (rec *recorder) start() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.now = rec.runner.Clock.Now()
	rec.transcript.From = rec.now
	command := strings.Join(append([]string{rec.script.Path}, rec.script.Args...), " ")
	rec.log.line(rec.now, "run "+rec.redactor.Text(command))
	rec.arm(rec.runner.Deadline)
	rec.log.flush()
}

// Write takes output of the script. It fails only once the transcript is finished.
func (rec *recorder) Write(p []byte) (int, error) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.ended {
		return 0, io.ErrClosedPipe
	}
	rec.now = rec.runner.Clock.Now()
	rec.splitter.write(rec.redactor.Write(p))
	rec.log.flush()
	return len(p), nil
}

// take records a piece of a line.
func (rec *recorder) take(p piece) {
	p.text = rec.guesser.Piece(p.text, p.ends)
	rec.log.piece(rec.now, p)
	if p.begins && p.ends && !rec.timedOut && rec.heed(p.text) {
		return
	}
	if len(rec.transcript.Steps) == 0 {
		if strings.TrimSpace(p.text) == "" {
			return
		}
		rec.openUnnamed()
	}
	rec.output.add(p.text)
	if p.ends {
		rec.output.add("\n")
	}
}

// heed follows a line of the step protocol, and says whether it was one that is no output.
func (rec *recorder) heed(line string) bool {
	if name, deadline, ok := parseStep(line); ok && len(rec.transcript.Steps) < maxSteps {
		rec.closeStep(0)
		if deadline <= 0 {
			deadline = rec.runner.Deadline
		}
		rec.openStep(Step{Name: name, From: rec.now, Deadline: deadline, Announced: true})
		rec.arm(deadline)
		return true
	}
	if name, value, ok := parseFact(line); ok {
		if _, known := rec.transcript.Facts[name]; known || len(rec.transcript.Facts) < maxFacts {
			rec.transcript.Facts[name] = value
		}
	}
	return false
}

// openUnnamed makes a step of the time since the start. Its timer runs already.
func (rec *recorder) openUnnamed() {
	rec.openStep(Step{Name: rec.transcript.Script, From: rec.transcript.From, Deadline: rec.runner.Deadline})
}

func (rec *recorder) openStep(step Step) {
	step.Script = rec.transcript.Script
	rec.transcript.Steps = append(rec.transcript.Steps, step)
	rec.runner.Observe(StepEvent{StepBegan, step})
}

// closeStep ends the step that runs, if any.
func (rec *recorder) closeStep(exitCode int) {
	if len(rec.transcript.Steps) == 0 {
		return
	}
	step := &rec.transcript.Steps[len(rec.transcript.Steps)-1]
	step.To, step.ExitCode, step.TimedOut = rec.now, exitCode, rec.timedOut
	step.Output = rec.output.String()
	rec.output = excerpt{}
	rec.runner.Observe(StepEvent{StepEnded, *step})
}

// arm sets the deadline of what begins now, in place of the one before.
func (rec *recorder) arm(deadline time.Duration) {
	if rec.timer != nil {
		rec.timer.Stop()
	}
	rec.armed++
	number := rec.armed
	rec.timer = time.AfterFunc(deadline, func() { rec.expire(number, deadline) })
}

// expire ends the script at a step's deadline. What the script prints while it dies still belongs to that step.
func (rec *recorder) expire(number int, deadline time.Duration) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.ended || number != rec.armed {
		return // the step ended just in time
	}
	rec.timedOut = true
	rec.now = rec.runner.Clock.Now()
	rec.remark(fmt.Sprintf("the step passed its deadline of %s and is ended", recovery.Words(deadline)))
	rec.log.flush()
	rec.end(ErrDeadline)
}

// remark adds a line of the runbook itself to the output of the step that runs.
func (rec *recorder) remark(text string) {
	if len(rec.transcript.Steps) == 0 {
		rec.openUnnamed()
	}
	text = "[runbook] " + rec.redactor.Text(text)
	rec.log.line(rec.now, text)
	rec.output.line(text)
}
