package drills

import (
	"context"
	"fmt"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// tickEvery is how often observers hear how a drill is doing.
const tickEvery = 200 * time.Millisecond

// tell passes a piece of news on.
func (r *rehearsal) tell(p Progress) {
	if r.setting.Observer == nil {
		return
	}
	p.Drill, p.Repetition, p.At = r.drill.Name, r.setting.Repetition, r.clock.Now()
	r.setting.Observer(p)
}

func (r *rehearsal) note(format string, args ...any) {
	r.tell(Progress{Kind: Noted, Note: fmt.Sprintf(format, args...)})
}

func (r *rehearsal) tellStep(e runbook.StepEvent) {
	p := Progress{Kind: StepBegan, Script: e.Step.Script, Step: e.Step.Name}
	if e.Kind == runbook.StepEnded {
		p.Kind, p.ExitCode, p.Seconds = StepEnded, e.Step.ExitCode, (e.Step.To - e.Step.From).Seconds()
	}
	r.tell(p)
}

// tick tells observers regularly how the drill is doing, until stop is called.
func (r *rehearsal) tick(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(tickEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				r.tell(Progress{Kind: Ticked, Down: r.down(), WritesPerSecond: r.pace.rate(r.clock.Now(), r.ledger)})
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// down is how long the service has been down since the fault; negative while it is up.
func (r *rehearsal) down() time.Duration {
	injected, hit := r.timeline.At(recovery.Injected)
	last, asked := r.watch.Last()
	if !hit || !asked || last.Err == nil {
		return -1
	}
	return r.clock.Now() - injected
}

// pace is how many writes are acknowledged a second, from the ledger's length between two looks.
type pace struct {
	counts [5]int // how far each class has been read
	recent []time.Duration
}

// rate counts the acknowledgements of the last second.
func (p *pace) rate(now time.Duration, ledger *recovery.Ledger) float64 {
	for i, class := range recovery.Classes() {
		n := ledger.Len(class)
		for seq := p.counts[i]; seq < n; seq++ {
			e, _ := ledger.Entry(class, seq)
			if e.Settled == 0 && now-e.Issued < time.Second {
				n = seq // its answer may still come
				break
			}
			if e.Outcome == recovery.Acknowledged {
				p.recent = append(p.recent, e.Settled)
			}
		}
		p.counts[i] = n
	}
	kept := p.recent[:0]
	for _, at := range p.recent {
		if now-at < time.Second {
			kept = append(kept, at)
		}
	}
	p.recent = kept
	return float64(len(kept))
}
