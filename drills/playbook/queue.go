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

// finishedRunsStayFinished checks that no run that was over when the fault came was taken up again:
// its row is the same, no worker was handed its job, and no such job is left in the queue. Workers
// skip such a job, so that nothing but the queue shows what the procedure left to them.
func finishedRunsStayFinished() drills.Check {
	return drills.Check{
		Name:   "no run that was over when the fault came is taken up again",
		Before: func(ctx context.Context, s drills.Site) (any, error) { return s.Stack.FinishedRunVersions(ctx) },
		After: func(ctx context.Context, s drills.Site) (string, error) {
			before, _ := s.Before.([]string)
			if len(before) == 0 {
				return "", errors.New("no run was over when the fault came")
			}
			after, err := s.Stack.FinishedRunVersions(ctx)
			if err != nil {
				return "", err
			}
			if changed := drills.Missing(before, after); len(changed) > 0 {
				return "", drills.Violated("%d were begun or changed again, such as %s", len(changed), changed[0])
			}
			if err := noJobOf(ctx, s, before); err != nil {
				return "", err
			}
			return fmt.Sprintf("none of %d; the procedure dropped %s jobs", len(before), stated(s, "dropped_jobs")), nil
		},
	}
}

// noJobOf makes a finding of jobs of the runs, which went to a worker again or are about to.
func noJobOf(ctx context.Context, s drills.Site, versions []string) error {
	var runs []string
	for _, version := range versions {
		id, _, _ := strings.Cut(version, " ")
		runs = append(runs, id)
	}
	skipped, err := s.Stack.SkippedJobs(ctx)
	if err != nil {
		return err
	}
	if again := drills.Common(runs, skipped); len(again) > 0 {
		return drills.Violated("%d went to a worker again, such as %s", len(again), again[0])
	}
	left, err := s.Stack.UnfinishedJobs(ctx)
	if err != nil {
		return err
	}
	if again := drills.Common(runs, left); len(again) > 0 {
		return drills.Violated("%d are in the queue again, such as %s", len(again), again[0])
	}
	return nil
}

// stated is what the scripts said a fact is.
func stated(s drills.Site, fact string) string {
	if value, ok := s.Facts[fact]; ok {
		return value
	}
	return "an unknown number of"
}
