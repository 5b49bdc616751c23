package drills_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

var overheadRuns = flag.Int("overhead", 0, "compare drills with their bare commands, each run so often; 0: do not")

// bare are drills of each kind of recovery that need no probe to know when it begins: from a restart to the replay of a log.
var bare = []string{"redis-kill", "postgres-kill", "postgres-volume-loss-dump", "postgres-operator-error"}

// What a drill adds to a recovery is in the figure that it states. It counts against the procedure, never for it, and is to be
// known. This is about medians of runs on a machine that does nothing else: make overhead.
func TestOverhead(t *testing.T) {
	if *overheadRuns == 0 {
		t.Skip("it needs a quiet machine: make overhead")
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer func() { _ = table.Flush() }()
	fmt.Fprintln(table, "drill\tby hand\tin the drill\tRTO\toverhead\tof the RTO")
	for _, d := range playbook.Drills() {
		if !slices.Contains(bare, d.Name) {
			continue
		}
		var byHand, drilled, rto []time.Duration
		for n := range *overheadRuns {
			took, err := drills.ByHand(t.Context(), d, uint64(n+1), t.TempDir())
			if err != nil {
				t.Fatalf("%s by hand: %v", d.Name, err)
			}
			record, err := drills.Rehearse(t.Context(), drills.Plan{
				Drills: []drills.Drill{d}, Repeat: 1, RunID: fmt.Sprintf("overhead-%d", time.Now().UnixNano()%1e9), Seed: uint64(n + 1), Dir: t.TempDir(),
			})
			if err != nil || record.Drills[0].RTO.MeasuredSeconds == nil {
				t.Fatalf("%s: %v, %v", d.Name, err, record.Drills)
			}
			result := record.Drills[0]
			byHand, drilled = append(byHand, took), append(drilled, recovering(result))
			rto = append(rto, time.Duration(*result.RTO.MeasuredSeconds*float64(time.Second)))
		}
		over := median(drilled) - median(byHand)
		share := over.Seconds() / median(rto).Seconds()
		fmt.Fprintf(table, "%s\t%.2f s\t%.2f s\t%.2f s\t%+.0f ms\t%+.1f %%\n", d.Name, median(byHand).Seconds(), median(drilled).Seconds(),
			median(rto).Seconds(), over.Seconds()*1000, share*100)
	}
}

// recovering is how long the scripts took in a drill, with all that the drill does around them.
func recovering(d reports.Drill) time.Duration {
	var from, to float64
	for _, e := range d.Timeline {
		switch e.Event {
		case string(recovery.RecoveryStarted):
			from = e.AtSeconds
		case string(recovery.RecoveryFinished):
			to = e.AtSeconds
		}
	}
	return time.Duration((to - from) * float64(time.Second))
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}
