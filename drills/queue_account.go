package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// workerChecks are made in every drill that has workers.
func workerChecks(n fixtures.Needs) []Check {
	if n.Workers == 0 {
		return nil
	}
	return []Check{effectsAreTheWorkers(), queueIsAccounted()}
}

// queueTimeout is how long the queue may take to come to rest: a lock of a worker that died lives for up to 30 s.
const queueTimeout = 35 * time.Second

// keptJobs is how many jobs that are completed the application keeps.
const keptJobs = 1000

// The lists and sets that jobs are in, each with its type. A job is in one of them.
var jobSets = map[string]string{
	"wait": "list", "paused": "list", "active": "list", "prioritized": "zset", "delayed": "zset", completed: "zset", failed: "zset",
}

const completed, failed = "completed", "failed"

// The queue's other keys, with their types. What else BullMQ can make, such as a rate limit, the application does not use.
var queueKeys = map[string]string{
	"meta": "hash", "id": "string", "pc": "string", "events": "stream", "marker": "zset", "stalled": "set", stalledCheck: "string",
}

const stalledCheck = "stalled-check"

// queueIsAccounted compares all keys of the queue with the runs of the database, and with what the workers say that
// they completed: a job that nobody submitted, one that is gone, and one that is where it does not belong are findings.
func queueIsAccounted() Check {
	return Check{
		Name:   "every key of the queue is accounted for, by job and state",
		Before: func(ctx context.Context, s Site) (any, error) { return takeQueueTerms(ctx, s.Stack) },
		After: func(ctx context.Context, s Site) (string, error) {
			terms, _ := s.Before.(queueTerms)
			var q queueAccount
			wrong, err := AwaitNone(ctx, queueTimeout, func(ctx context.Context) (wrong []string, err error) {
				if q, err = readQueue(ctx, s, terms); err != nil {
					return nil, err
				}
				return q.wrong(), nil
			})
			if err != nil {
				return "", err
			}
			if len(wrong) > 0 {
				return "", Violated("%d are not, such as: %s", len(wrong), wrong[0])
			}
			return fmt.Sprintf("%d keys; %d jobs are completed, %d failed, %d go on", len(q.keys),
				len(q.keys[completed].Jobs), len(q.keys[failed].Jobs), len(q.sets())-len(q.keys[completed].Jobs)-len(q.keys[failed].Jobs)), nil
		},
	}
}

// queueTerms are what jobs and the queue are held to: what they were before the fault.
type queueTerms struct {
	life    string            // of the server that holds the queue
	meta    map[string]string // the queue's own settings
	options map[string]bool   // of jobs, as optionsOf names them
}

func takeQueueTerms(ctx context.Context, stack *fixtures.Stack) (queueTerms, error) {
	terms := queueTerms{options: map[string]bool{}}
	keys, err := stack.QueueKeys(ctx)
	if err != nil {
		return terms, err
	}
	for id := range (queueAccount{keys: keys}).sets() {
		terms.options[optionsOf(keys[id])] = true
	}
	if len(terms.options) == 0 {
		return terms, errors.New("the queue has no job")
	}
	terms.meta = keys["meta"].Fields
	terms.life, err = stack.RedisLife(ctx)
	return terms, err
}

// queueAccount is the queue at one instant, and what it has to agree with.
type queueAccount struct {
	keys  map[string]fixtures.QueueKey
	runs  map[string]fixtures.JobRun
	terms queueTerms
	// ended are the jobs that workers completed, with when the last of them did.
	ended map[string]time.Duration
	// lost is the time of which the queue's store has lost what was written.
	lost span
	// withdrawn says of a run that it may have a job without a row: the API took it back.
	withdrawn func(run string) bool
}

func readQueue(ctx context.Context, s Site, terms queueTerms) (q queueAccount, err error) {
	q = queueAccount{terms: terms, ended: map[string]time.Duration{}, withdrawn: withdrawnBy(s.Ledger)}
	journal, err := s.Stack.Journal(ctx)
	if err != nil {
		return q, err
	}
	for _, line := range journal {
		if line.Deed == fixtures.Ended {
			q.ended[line.Run] = s.Since(line.At)
		}
	}
	if q.keys, err = s.Stack.QueueKeys(ctx); err != nil {
		return q, err
	}
	life, err := s.Stack.RedisLife(ctx)
	if err != nil {
		return q, err
	}
	q.lost = lostJobs(s, life == terms.life)
	q.runs, err = s.Stack.JobRuns(ctx, slices.Collect(maps.Keys(q.sets())))
	return q, err
}

// lostJobs is the time of which the queue may lack what was done. A server that lived on has lost nothing; of another
// one the writes of its memory class tell, to the distance between two of them.
func lostJobs(s Site, sameLife bool) span {
	lost := lostOf(s, recovery.Memory)
	recovered, begun := s.Timeline.At(recovery.RecoveryStarted)
	switch {
	case sameLife || !begun:
		return span{}
	case lost == span{}:
		return span{s.Injected - laneSlack, recovered}
	default:
		return lost
	}
}

// withdrawnBy tells the runs of which no client was told that they are accepted.
func withdrawnBy(ledger *recovery.Ledger) func(string) bool {
	return func(run string) bool {
		seq := workload.Seq(recovery.Runs, run)
		if seq < 0 {
			return false
		}
		e, attempted := ledger.Entry(recovery.Runs, seq)
		return attempted && e.Outcome != recovery.Acknowledged
	}
}

// sets are the lists and sets that each job is in.
func (q queueAccount) sets() map[string][]string {
	in := map[string][]string{}
	for _, set := range slices.Sorted(maps.Keys(jobSets)) {
		for _, id := range q.keys[set].Jobs {
			in[id] = append(in[id], set)
		}
	}
	return in
}

// wrong is all that does not agree, in words.
func (q queueAccount) wrong() []string {
	in := q.sets()
	wrong := q.wrongSettings()
	for _, name := range slices.Sorted(maps.Keys(q.keys)) {
		if why := q.wrongKey(name, in); why != "" {
			wrong = append(wrong, why)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(in)) {
		if why := q.wrongJob(id, in[id]); why != "" {
			wrong = append(wrong, why)
		}
	}
	return append(wrong, q.gone(in)...)
}

// wrongSettings are what is wrong with the queue as a whole. One that is paused hands out nothing.
func (q queueAccount) wrongSettings() (wrong []string) {
	meta := maps.Clone(q.keys["meta"].Fields)
	if _, paused := meta["paused"]; paused {
		wrong = append(wrong, "the queue is paused")
		delete(meta, "paused")
	}
	if !maps.Equal(meta, q.terms.meta) {
		wrong = append(wrong, fmt.Sprintf("the queue's settings are %v, and were %v", meta, q.terms.meta))
	}
	return wrong
}

// wrongKey says what is wrong with a key by itself; empty where nothing is.
func (q queueAccount) wrongKey(name string, in map[string][]string) string {
	key := q.keys[name]
	job, locks := strings.CutSuffix(name, ":lock")
	want, known := jobSets[name]
	if !known {
		want, known = queueKeys[name]
	}
	switch {
	case locks && !slices.Contains(in[job], "active"):
		return "a lock of job " + job + ", which is not active"
	case locks && key.TTL < 0:
		return "a lock of job " + job + " that never ends"
	case locks:
		return ""
	case known && key.Type != want:
		return fmt.Sprintf("%s is a %s, not a %s", name, key.Type, want)
	case !known && key.Type != "hash":
		return fmt.Sprintf("an unknown key, %s, a %s", name, key.Type)
	case !known && len(in[name]) == 0:
		return "job " + name + " is in no list or set"
	case key.TTL >= 0 && name != stalledCheck:
		return fmt.Sprintf("%s expires in %d ms", name, key.TTL)
	}
	return ""
}

// wrongJob says what is wrong with a job of the sets; empty where nothing is.
func (q queueAccount) wrongJob(id string, sets []string) string {
	run, known := q.runs[id]
	job, there := q.keys[id]
	over := run.Status != "queued" && run.Status != "running"
	switch set := sets[0]; {
	case len(sets) > 1:
		return fmt.Sprintf("job %s is in %s", id, strings.Join(sets, " and "))
	case !there:
		return fmt.Sprintf("job %s is in %s, and has no data", id, set)
	case !known && q.withdrawn(id):
		return ""
	case !known:
		return fmt.Sprintf("job %s is in %s, and nobody submitted its run", id, set)
	case set == failed && run.Status != failed, set == completed && !over, set != failed && set != completed && over:
		return fmt.Sprintf("job %s is in %s, and its run is %s", id, set, run.Status)
	case !sameJSON(job.Fields["data"], run.Data):
		return fmt.Sprintf("job %s holds %s, and its run is %s", id, job.Fields["data"], run.Data)
	case !q.terms.options[optionsOf(job)]:
		return fmt.Sprintf("job %s has other options than jobs had: %s", id, optionsOf(job))
	}
	return ""
}

// gone are the jobs that have to be there and are not: of runs that are not finished, of those that failed, and those
// that a worker completed, beyond what the application keeps. What the store lost is not asked for.
func (q queueAccount) gone(in map[string][]string) (gone []string) {
	for _, id := range slices.Sorted(maps.Keys(q.runs)) {
		run := q.runs[id]
		missing := len(in[id]) == 0 && run.Status != completed
		if run.Status == failed {
			missing = missing && q.lost == span{}
		}
		if missing {
			gone = append(gone, fmt.Sprintf("run %s is %s, and has no job", id, run.Status))
		}
	}
	oldest := q.oldestKept()
	for _, id := range slices.Sorted(maps.Keys(q.ended)) {
		if at := q.ended[id]; len(in[id]) == 0 && at > oldest && !q.lost.has(at) {
			gone = append(gone, "job "+id+" was completed, and is gone")
		}
	}
	return gone
}

// oldestKept is since when completed jobs have to be there; -1 for ever, as long as there are no more than the
// application keeps.
func (q queueAccount) oldestKept() time.Duration {
	kept := q.keys[completed].Jobs
	if len(kept) < keptJobs {
		return -1
	}
	for _, id := range kept {
		if at, confirmed := q.ended[id]; confirmed {
			return at + laneSlack // workers end jobs side by side, and the engine notes it a little later
		}
	}
	return -1
}

// optionsOf are a job's name and options, without its id, in a form that can be compared.
func optionsOf(job fixtures.QueueKey) string {
	options := map[string]any{}
	if err := json.Unmarshal([]byte(job.Fields["opts"]), &options); err != nil {
		return job.Fields["opts"]
	}
	delete(options, "jobId")
	encoded, err := json.Marshal(options)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return job.Fields["name"] + " " + string(encoded)
}

func sameJSON(a, b string) bool {
	var is, want any
	return json.Unmarshal([]byte(a), &is) == nil && json.Unmarshal([]byte(b), &want) == nil && reflect.DeepEqual(is, want)
}
