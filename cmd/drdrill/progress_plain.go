package main

import (
	"fmt"
	"io"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// plainView prints one dated line for every piece of news, for logs and pipes. It shows no ticks.
type plainView struct {
	out      io.Writer // takes whole lines from several goroutines
	now      func() time.Time
	numbered bool // drills run several times
}

// ofRun is who news is of that belongs to no drill.
const ofRun = "drdrill"

func (v *plainView) observe(p drills.Progress) {
	who := actName(p, v.numbered)
	if p.Drill == "" {
		who = ofRun
	}
	for _, news := range plainNews(p) {
		v.line(who, news)
	}
}

func (v *plainView) say(news string) { v.line(ofRun, news) }

func (v *plainView) close() {}

func (v *plainView) line(who, news string) {
	writeLine(v.out, fmt.Sprintf("%s %s: %s", v.now().UTC().Format(time.RFC3339), who, oneLine(news)))
}

// plainNews is a piece of news in words; none for what a log has no use for.
func plainNews(p drills.Progress) []string {
	switch p.Kind {
	case drills.DrillBegan:
		return []string{"drill begins"}
	case drills.PhaseBegan:
		return []string{string(p.Phase)}
	case drills.StepBegan:
		return []string{fmt.Sprintf("%s: %s …", p.Script, p.Step)}
	case drills.StepEnded:
		return []string{fmt.Sprintf("%s: %s: %s", p.Script, p.Step, stepOutcome(p))}
	case drills.Noted:
		return []string{p.Note}
	case drills.DrillEnded:
		return ending(p.Result)
	default:
		return nil
	}
}

// stepOutcome says how a step ended and how long it took.
func stepOutcome(p drills.Progress) string {
	if p.ExitCode != 0 {
		return fmt.Sprintf("failed with exit code %d after %s", p.ExitCode, words(seconds(p.Seconds)))
	}
	return "done in " + words(seconds(p.Seconds))
}

// ending is a drill's verdict, and the reasons where it is not met.
func ending(d *reports.Drill) []string {
	if d == nil {
		return []string{"drill ended without a record"}
	}
	news := []string{fmt.Sprintf("%s: %s", verdictWords(d.Verdict), summary(*d))}
	for _, reason := range d.Reasons {
		news = append(news, "because "+reason)
	}
	return news
}
