package drills

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/images"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// Rehearse runs the plan's drills and returns the record of the run. The record is complete
// whatever happens: drills that did not come to run are in it as not proven. The error says why a
// run could not begin, when nothing was started; it is a UsageError where the plan is at fault.
func Rehearse(ctx context.Context, p Plan) (reports.Record, error) {
	scripts, err := ReadScripts(p.Scripts)
	if err != nil {
		return reports.Record{}, err
	}
	engine, err := connect(ctx)
	if err != nil {
		return reports.Record{}, err
	}
	defer engine.Close()
	if err := engine.RemoveUnheld(ctx); err != nil {
		return reports.Record{}, err
	}
	log := func(line string) { p.observe(Progress{Kind: Noted, Note: line}) }
	for _, entry := range scripts.LeftOut {
		log("left out of the scripts: " + entry)
	}
	secrets, common := environment()
	if len(common) > 0 {
		log(commonNote(common))
	}
	had, err := ensure(ctx, engine, p.keys(), p.Images, log)
	if err != nil {
		return reports.Record{}, err
	}
	if err := checkReach(ctx, engine, p.RunID, had["reaper"]); err != nil {
		return reports.Record{}, err
	}
	is, err := engine.Describe(ctx)
	if err != nil {
		return reports.Record{}, err
	}
	record := reports.Record{Schema: reports.Schema, Run: reports.Run{
		ID: p.RunID, StartedAt: time.Now().UTC(), Seed: p.Seed, Version: p.Version, Parallel: p.atATime(), Scale: p.scale().Name,
		Rate: p.EffectiveRate(), Choices: p.Choices,
		Scripts: scripts.used, Revisions: p.Revisions, Images: imageRecords(had, p.Images), Host: describeHost(), Engine: reports.Engine(is),
	}}
	record.Drills = p.run(ctx, Setting{
		Engine: engine, RunID: p.RunID, Seed: p.Seed, Rate: p.EffectiveRate(), Beside: p.atATime(), Images: had, Scripts: scripts.files,
		Scale: p.scale(), Choices: p.Choices, Dir: p.Dir, Observer: p.Observer,
		Secrets: secrets,
	})
	if ctx.Err() != nil {
		record.Run.Aborted = context.Cause(ctx).Error()
	}
	record.Run.FinishedAt = time.Now().UTC()
	return record, nil
}

// connect finds the engine. Without one nothing can be carried out.
func connect(ctx context.Context) (*fixtures.Engine, error) {
	engine, err := fixtures.Connect(ctx)
	if err != nil {
		return nil, UsageError{err}
	}
	return engine, nil
}

// checkReach finds out before the first drill what would have every one of them wait for its stack in vain.
func checkReach(ctx context.Context, e *fixtures.Engine, runID string, reaper images.Image) error {
	err := e.CheckReach(ctx, runID, reaper)
	if errors.Is(err, fixtures.ErrOutOfReach) {
		return UsageError{err}
	}
	return err
}

func (p Plan) observe(news Progress) {
	if p.Observer != nil {
		p.Observer(news)
	}
}

// run runs the plan's drills.
func (p Plan) run(ctx context.Context, s Setting) []reports.Drill {
	return p.each(ctx, func(d Drill, repetition int) acts {
		s := s
		s.Repetition = repetition
		return newRehearsal(d, s)
	})
}

// acts are a drill's, in their order.
type acts interface {
	prepare(context.Context)
	warmUp(context.Context)
	rehearse(context.Context)
	readBack(context.Context)
	finish(context.Context) reports.Drill
}

// each runs every drill as often as the plan says, and rehearses as many at a time as it allows.
// Results are in the plan's order. After an interruption no further drill begins.
func (p Plan) each(ctx context.Context, begin func(d Drill, repetition int) acts) []reports.Drill {
	results := p.unrun()
	waiting := make(chan int, len(results))
	for i := range results {
		waiting <- i
	}
	close(waiting)
	var lanes sync.WaitGroup
	for range p.atATime() {
		lanes.Go(func() {
			p.oneByOne(ctx, waiting, func(i int) acts { return begin(p.Drills[i/p.Repeat], results[i].Repetition) }, results)
		})
	}
	lanes.Wait()
	return results
}

// oneByOne rehearses those that are waiting. The next one is prepared while the last is read back, warms up while that
// is finished, and is rehearsed when it is gone.
func (p Plan) oneByOne(ctx context.Context, waiting <-chan int, begin func(int) acts, results []reports.Drill) {
	var reading, finishing sync.WaitGroup
	defer finishing.Wait()
	for i := range waiting {
		if !p.overlaps() {
			finishing.Wait()
		}
		if ctx.Err() != nil {
			return
		}
		next := begin(i)
		next.prepare(ctx)
		reading.Wait()
		next.warmUp(ctx)
		finishing.Wait()
		next.rehearse(ctx)
		reading.Add(1)
		finishing.Go(func() {
			next.readBack(ctx)
			reading.Done()
			results[i] = next.finish(ctx)
		})
	}
}

// unrun are the records of the plan's drills as long as they have not run.
func (p Plan) unrun() []reports.Drill {
	var all []reports.Drill
	for _, d := range p.Drills {
		for n := range p.Repeat {
			r := newRehearsal(d, Setting{Repetition: n + 1})
			result := r.describe()
			result.RTO, result.RPO = r.judgeRTO(), unread(d)
			result.Find(reports.Finding{Verdict: reports.NotProven, Reason: "the run ended before this drill began"})
			all = append(all, result)
		}
	}
	return all
}

// ensure sees to it that the images are there. An image that cannot be had is the plan's fault.
func ensure(ctx context.Context, e *fixtures.Engine, keys []string, overrides map[string]string, log func(string)) (map[string]images.Image, error) {
	used := map[string]string{}
	for _, key := range keys {
		if ref, replaced := overrides[key]; replaced {
			used[key] = ref
		}
	}
	had, err := images.Ensure(ctx, e.Client, keys, used, lines(log))
	if errors.Is(err, images.ErrUnavailable) || errors.Is(err, images.ErrUnknownKey) {
		return nil, UsageError{err}
	}
	if err != nil {
		return nil, fmt.Errorf("prepare the images: %w", err)
	}
	return had, nil
}

// PrepareImages sees to it that all images of the catalogue are there.
func PrepareImages(ctx context.Context, overrides map[string]string, log func(string)) error {
	engine, err := connect(ctx)
	if err != nil {
		return err
	}
	defer engine.Close()
	_, err = ensure(ctx, engine, images.Keys(), overrides, log)
	return err
}

// Clean removes what runs left behind, or with all also what runs still use. It returns how many
// things it removed.
func Clean(ctx context.Context, all bool, log func(string)) (int, error) {
	engine, err := connect(ctx)
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	return engine.Sweep(ctx, all, log)
}

// lines makes a writer of what takes lines.
type lines func(string)

// Write passes each line on; whoever writes here writes whole lines.
func (l lines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		l(strings.TrimRight(line, "\n"))
	}
	return len(p), nil
}

var _ io.Writer = lines(nil)

func imageRecords(had map[string]images.Image, overrides map[string]string) map[string]reports.Image {
	out := map[string]reports.Image{}
	for key, image := range maps.All(had) {
		_, custom := overrides[key]
		out[key] = reports.Image{Ref: image.Ref, Digest: image.ID, Custom: custom}
	}
	return out
}

// unread are the data classes of a drill that read nothing back.
func unread(d Drill) []reports.RPO {
	out := []reports.RPO{}
	for _, class := range recovery.Classes() {
		out = append(out, reports.RPO{
			Class: string(class), TargetSeconds: d.Objective.RPO[class].Seconds(), TargetFrom: d.RPOFrom(class),
			Judged: "observed", Verdict: reports.NotProven,
		})
	}
	return out
}
