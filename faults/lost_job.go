package faults

import "context"

// LostJob is a waiting job that somebody deletes from the queue, to make room in its store.
type LostJob struct{ Service string }

// Describe implements Fault.
func (LostJob) Describe() string { return "to make room, somebody deletes a job that waits" }

// Inject implements Fault. It takes the newest job: workers take the oldest.
func (l LostJob) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, l.Service, `
		queue=bull:cogitator-jobs
		job=$(redis-cli BLPOP $queue:wait 3 | tail -n 1)
		[ -z "$job" ] || [ "$(redis-cli DEL "$queue:$job")" = 0 ] || echo "deleted the waiting job $job"`)
}
