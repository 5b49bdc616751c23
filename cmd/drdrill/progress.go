package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// view shows the progress of a run to a person. Its methods may be called at the same time, and
// after close, when they do nothing.
type view interface {
	observe(drills.Progress)
	say(string) // why the run is being stopped
	close()
}

// newView is the live view on a terminal and dated lines elsewhere. A reader that goes away ends the
// run through lost.
func (p program) newView(plan drills.Plan, o runOptions, lost context.CancelCauseFunc) view {
	out := p.stdout
	if o.json {
		out = p.stderr
	}
	to := &watched{w: out, lost: lost}
	screen, ok := out.(*os.File)
	if !ok || o.noProgress || !p.lively(screen) {
		return &plainView{out: to, now: p.now, numbered: plan.Repeat > 1}
	}
	size := func() (width, height int) { return screenSize(screen) }
	return startLive(newBoard(plan, p.palette()), to, size, p.now)
}

// lively says whether a live view makes sense on this output.
func (p program) lively(f *os.File) bool {
	ci := p.getenv("CI")
	return term.IsTerminal(int(f.Fd())) && (ci == "" || ci == "false") && p.getenv("TERM") != "dumb"
}

// screenSize is the terminal's size; 80 by 24 where it does not tell.
func screenSize(f *os.File) (width, height int) {
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return 80, 24
	}
	return width, height
}

// palette is coloured unless the user wants no colour; see https://no-color.org.
func (p program) palette() palette {
	return palette{plain: p.getenv("NO_COLOR") != ""}
}

// actName is how news names a drill.
func actName(p drills.Progress, numbered bool) string {
	if numbered {
		return fmt.Sprintf("%s #%d", p.Drill, p.Repetition)
	}
	return p.Drill
}

// summary is the outcome of a drill in a few words: RTO 1.5 s of 5 min, 3 writes lost.
func summary(d reports.Drill) string {
	rto := "not restored"
	switch {
	case !d.RTO.Targeted():
		return lossWords(d.RPO)
	case d.RTO.MeasuredSeconds != nil:
		rto = fmt.Sprintf("RTO %s of %s", words(seconds(*d.RTO.MeasuredSeconds)), words(seconds(d.RTO.TargetSeconds)))
	}
	return rto + ", " + lossWords(d.RPO)
}

// lossWords count the lost writes. What was not measured is not zero.
func lossWords(classes []reports.RPO) string {
	lost, measured := 0, false
	for _, class := range classes {
		lost += class.Lost
		measured = measured || class.ObservedSeconds != nil
	}
	if !measured {
		return "loss not measured"
	}
	return quantity(lost, "write") + " lost"
}

// verdictWords are the verdict as a reader says it.
func verdictWords(verdict string) string { return strings.ReplaceAll(verdict, "-", " ") }

// acceptedWords are the verdict, and that what was missed is accepted.
func acceptedWords(verdict string, accepted bool) string {
	if accepted {
		return verdictWords(verdict) + ", accepted"
	}
	return verdictWords(verdict)
}

// writeLine writes one whole line at once, so that lines of several goroutines do not mix.
func writeLine(w io.Writer, line string) { _, _ = io.WriteString(w, line+"\n") }
