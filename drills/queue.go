package drills

import (
	"context"

	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
)

// queue gives runs to the API for the fault. They are acknowledged writes as the workload's are.
type queue struct{ r *rehearsal }

// Submit implements faults.Queue.
func (q queue) Submit(ctx context.Context, run faults.Run) (id string, err error) {
	id, err = q.r.workload.Submit(ctx, q.r.clients, workload.Run{
		Input: run.Input, Steps: run.Steps, StepMillis: int(run.Step.Milliseconds()),
	})
	if err == nil {
		q.r.submitted = append(q.r.submitted, id)
	}
	return id, err
}
