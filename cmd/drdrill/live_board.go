package main

import (
	"slices"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// board is what the live view knows of a run. News changes it and a frame is drawn from it: both
// depend on nothing but the board and the time that is handed in.
type board struct {
	palette  palette
	numbered bool // drills run several times
	total    int  // acts of the run: drills and repetitions
	targets  map[string]time.Duration
	widest   int // characters of the longest name

	running []*act
	ended   []reports.Drill // in the order in which they ended
	printed int             // of ended: how many are printed for good
	news    string          // of the run itself, before its first drill
	parting string          // said when the run was stopped; stays
}

// act is one drill that is running.
type act struct {
	drill      string
	repetition int
	name       string
	target     time.Duration // RTO
	began      time.Time
	phase      drills.Phase
	phaseBegan time.Time
	steps      []stepRow
	note       string
	outage     outage
	writes     float64 // acknowledged in the last second
	ticked     bool    // writes and outage are known
}

// outage is what the RTO clock shows.
type outage struct {
	down   bool
	lasted time.Duration // as last told
	told   time.Time
	seen   bool // the service was down at some time
}

// stepRow is one recovery step.
type stepRow struct {
	script, step string
	began        time.Time
	ended        bool
	exitCode     int
	took         time.Duration
}

func newBoard(plan drills.Plan, colours palette) *board {
	b := &board{
		palette:  colours,
		numbered: plan.Repeat > 1,
		total:    len(plan.Drills) * plan.Repeat,
		targets:  map[string]time.Duration{},
	}
	for _, d := range plan.Drills {
		b.targets[d.Name] = d.Objective.RTO
		b.widest = max(b.widest, len(actName(drills.Progress{Drill: d.Name, Repetition: plan.Repeat}, b.numbered)))
	}
	return b
}

// apply takes a piece of news that came at the instant.
func (b *board) apply(p drills.Progress, now time.Time) {
	if p.Drill == "" {
		b.news = oneLine(p.Note)
		return
	}
	a := b.act(p, now)
	switch p.Kind {
	case drills.DrillBegan:
		b.news = ""
	case drills.PhaseBegan:
		a.phase, a.phaseBegan, a.note = p.Phase, now, ""
	case drills.StepBegan:
		a.steps = append(a.steps, stepRow{script: p.Script, step: oneLine(p.Step), began: now})
	case drills.StepEnded:
		a.endStep(p)
	case drills.Ticked:
		a.tick(p, now)
	case drills.Noted:
		a.note = oneLine(p.Note)
	case drills.DrillEnded:
		b.end(a, p)
	}
}

// act is the drill that the news is of; news of an unknown one is its first.
func (b *board) act(p drills.Progress, now time.Time) *act {
	for _, a := range b.running {
		if a.drill == p.Drill && a.repetition == p.Repetition {
			return a
		}
	}
	a := &act{
		drill: p.Drill, repetition: p.Repetition, name: actName(p, b.numbered),
		target: b.targets[p.Drill], began: now.Add(-p.At), phaseBegan: now,
	}
	b.running = append(b.running, a)
	return a
}

// endStep closes the newest open step of that name.
func (a *act) endStep(p drills.Progress) {
	for i := len(a.steps) - 1; i >= 0; i-- {
		s := &a.steps[i]
		if s.script == p.Script && s.step == oneLine(p.Step) && !s.ended {
			s.ended, s.exitCode, s.took = true, p.ExitCode, seconds(p.Seconds)
			return
		}
	}
}

func (a *act) tick(p drills.Progress, now time.Time) {
	a.ticked, a.writes = true, p.WritesPerSecond
	if p.Down < 0 {
		a.outage.down = false
		return
	}
	a.outage = outage{down: true, lasted: p.Down, told: now, seen: true}
}

// at is how long the outage has lasted, or did last.
func (o outage) at(now time.Time) time.Duration {
	if !o.down {
		return o.lasted
	}
	return o.lasted + now.Sub(o.told)
}

func (b *board) end(a *act, p drills.Progress) {
	b.running = slices.DeleteFunc(b.running, func(r *act) bool { return r == a })
	if p.Result != nil {
		b.ended = append(b.ended, *p.Result)
	}
}
