package playbook

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
)

// queueRate are more runs than the one worker of such a drill can do, which takes five at a time, of
// 400 ms each: some always wait, and what a queue that was set back forgets is among them.
func queueRate() map[recovery.Class]int { return map[recovery.Class]int{recovery.Runs: 15} }

// reconcileQueue brings queue and database to agree after Redis was set back.
func reconcileQueue() drills.Script { return drills.Script{Name: "reconcile-queue.sh"} }

// queueChecks are those of a drill in which the queue is set back and reconciled.
func queueChecks() []drills.Check {
	return []drills.Check{everyRunCompletes(), everyStepOnce(), lostJobsAreBack(), finishedRunsStayFinished()}
}

// lostJobsAreBack checks that the runs which waited when the fault came are done: with their jobs
// lost, somebody queued them again.
func lostJobsAreBack() drills.Check {
	return drills.Check{
		Name:   "the runs that waited for a worker when the fault came are done",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.WaitingRuns(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			waited, _ := s.Before.([]string)
			if len(waited) == 0 {
				return "", errors.New("no run waited when the fault came: there was no job to lose")
			}
			finished, err := s.Stack.FinishedRuns(ctx)
			if err != nil {
				return "", err
			}
			if left := drills.Missing(waited, finished); len(left) > 0 {
				return "", drills.Violated("%d of %d are not, such as %s", len(left), len(waited), left[0])
			}
			return fmt.Sprintf("all %d are done; the procedure queued %s jobs again", len(waited), stated(s, "queued_jobs")), nil
		},
	}
}

// finishedRuns are the runs that were over when the fault came.
type finishedRuns struct {
	versions []string       // each with the version of its row
	taken    map[string]int // how often each was handed to a worker
}

func takeFinishedRuns(ctx context.Context, s drills.Site) (finishedRuns, error) {
	versions, err := s.Stack.FinishedRunVersions(ctx)
	if err != nil {
		return finishedRuns{}, err
	}
	journal, err := s.Stack.Journal(ctx)
	return finishedRuns{versions, journal.TimesTaken()}, err
}

// finishedRunsStayFinished checks that no run that was over when the fault came was taken up again:
// its row is the same, no worker was handed its job, and no such job is left in the queue. Workers
// skip such a job, so that their own word is all that shows what the procedure left to them.
func finishedRunsStayFinished() drills.Check {
	return drills.Check{
		Name:   "no run that was over when the fault came is taken up again",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return takeFinishedRuns(ctx, s) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.(finishedRuns)
			if len(before.versions) == 0 {
				return "", errors.New("no run was over when the fault came")
			}
			after, err := takeFinishedRuns(ctx, s)
			if err != nil {
				return "", err
			}
			if changed := drills.Missing(before.versions, after.versions); len(changed) > 0 {
				return "", drills.Violated("%d were begun or changed again, such as %s", len(changed), changed[0])
			}
			runs := before.ids()
			if again := takenAgain(runs, before.taken, after.taken); len(again) > 0 {
				return "", drills.Violated("%d went to a worker again, such as %s", len(again), again[0])
			}
			left, err := s.Stack.UnfinishedJobs(ctx)
			if err != nil {
				return "", err
			}
			if again := drills.Common(runs, left); len(again) > 0 {
				return "", drills.Violated("%d are in the queue again, such as %s", len(again), again[0])
			}
			return fmt.Sprintf("none of %d; the procedure dropped %s jobs", len(runs), stated(s, "dropped_jobs")), nil
		},
	}
}

func (f finishedRuns) ids() (ids []string) {
	for _, version := range f.versions {
		id, _, _ := strings.Cut(version, " ")
		ids = append(ids, id)
	}
	return ids
}

// takenAgain are those of the runs that were handed to workers more often after than before.
func takenAgain(runs []string, before, after map[string]int) (again []string) {
	for _, run := range runs {
		if after[run] > before[run] {
			again = append(again, run)
		}
	}
	return again
}

// stated is what the scripts said a fact is.
func stated(s drills.Site, fact string) string {
	if value, ok := s.Facts[fact]; ok {
		return value
	}
	return "an unknown number of"
}
