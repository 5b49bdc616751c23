package drills

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
)

const (
	someOptions = `{"attempts":3,"jobId":"run-a"}`
	someData    = `{"agentId":"agent","input":"hello","steps":4,"stepMs":100}`
)

func aJob(options, data string) fixtures.QueueKey {
	return fixtures.QueueKey{Type: "hash", TTL: -1, Fields: map[string]string{"name": "run", "opts": options, "data": data}}
}

func aSet(kind string, jobs ...string) fixtures.QueueKey {
	return fixtures.QueueKey{Type: kind, TTL: -1, Jobs: jobs}
}

// anAccount is of a queue in which all is well: run-a is completed, run-b failed, run-c is at work and run-d waits.
func anAccount() queueAccount {
	meta := map[string]string{"version": "bullmq:6.7.0"}
	q := queueAccount{
		keys: map[string]fixtures.QueueKey{
			"meta": {Type: "hash", TTL: -1, Fields: meta}, "id": {Type: "string", TTL: -1}, "events": {Type: "stream", TTL: -1},
			stalledCheck: {Type: "string", TTL: 1500}, "stalled": aSet("set", "run-c"),
			completed: aSet("zset", "run-a"), failed: aSet("zset", "run-b"), "active": aSet("list", "run-c"), "wait": aSet("list", "run-d"),
			"run-c:lock": {Type: "string", TTL: 4000},
		},
		runs:      map[string]fixtures.JobRun{},
		ended:     map[string]time.Duration{"run-a": sec(5)},
		terms:     queueTerms{meta: meta, options: map[string]bool{}},
		withdrawn: func(run string) bool { return run == "run-refused" },
	}
	for run, status := range map[string]string{"run-a": "completed", "run-b": "failed", "run-c": "running", "run-d": "queued"} {
		q.keys[run] = aJob(strings.Replace(someOptions, "run-a", run, 1), someData)
		q.runs[run] = fixtures.JobRun{Status: status, Data: `{"steps": 4, "stepMs": 100, "input": "hello", "agentId": "agent"}`}
	}
	q.terms.options[optionsOf(q.keys["run-a"])] = true
	return q
}

func TestQueueAccountNamesWhatDoesNotAgree(t *testing.T) {
	remove := func(names ...string) func(*queueAccount) {
		return func(q *queueAccount) {
			for _, name := range names {
				delete(q.keys, name)
			}
		}
	}
	put := func(name string, key fixtures.QueueKey) func(*queueAccount) {
		return func(q *queueAccount) { q.keys[name] = key }
	}
	for _, tt := range []struct {
		name   string
		change func(*queueAccount)
		want   []string
	}{
		{"all is well", func(*queueAccount) {}, nil},
		{"it is paused", func(q *queueAccount) {
			q.keys["meta"] = fixtures.QueueKey{Type: "hash", TTL: -1, Fields: map[string]string{"version": "bullmq:6.7.0", "paused": "1"}}
		}, []string{"the queue is paused"}},
		{"its settings changed", func(q *queueAccount) {
			q.keys["meta"] = fixtures.QueueKey{Type: "hash", TTL: -1, Fields: map[string]string{"version": "bullmq:6.7.0", "concurrency": "1"}}
		}, []string{"the queue's settings are"}},
		{"a key is unknown", put("limiter", fixtures.QueueKey{Type: "string", TTL: -1}), []string{"an unknown key, limiter"}},
		{"a set is something else", put("delayed", aSet("list")), []string{"delayed is a list, not a zset"}},
		{"jobs expire", func(q *queueAccount) {
			job := q.keys["run-a"]
			job.TTL = 3_600_000
			q.keys["run-a"] = job
		}, []string{"run-a expires in 3600000 ms"}},
		{"the completed set is gone", remove(completed), []string{"job run-a is in no list or set", "job run-a was completed, and is gone"}},
		{"a completed job is gone", remove(completed, "run-a"), []string{"job run-a was completed, and is gone"}},
		{"the store lost a completed job", func(q *queueAccount) {
			remove(completed, "run-a")(q)
			q.lost = span{sec(4), sec(6)}
		}, nil},
		{"a job that was completed earlier is gone too", func(q *queueAccount) {
			remove(completed, "run-a")(q)
			q.lost = span{sec(6), sec(8)}
		}, []string{"job run-a was completed, and is gone"}},
		{"a failed job is gone", remove(failed, "run-b"), []string{"run run-b is failed, and has no job"}},
		{"a waiting job is gone", remove("wait", "run-d"), []string{"run run-d is queued, and has no job"}},
		{"a job has no data", remove("run-d"), []string{"job run-d is in wait, and has no data"}},
		{"a job is there twice", put("delayed", aSet("zset", "run-d")), []string{"job run-d is in delayed and wait"}},
		{"nobody submitted a job", func(q *queueAccount) {
			q.keys["made-up"] = aJob(someOptions, someData)
			q.keys[failed] = aSet("zset", "run-b", "made-up")
		}, []string{"job made-up is in failed, and nobody submitted its run"}},
		{"the API took a run back whose job had arrived", func(q *queueAccount) {
			q.keys["run-refused"] = aJob(someOptions, someData)
			q.keys[failed] = aSet("zset", "run-b", "run-refused")
		}, nil},
		{"a finished run waits again", func(q *queueAccount) {
			delete(q.keys, completed)
			q.keys["wait"] = aSet("list", "run-a", "run-d")
		}, []string{"job run-a is in wait, and its run is completed"}},
		{"a job ended that is not over", func(q *queueAccount) {
			delete(q.keys, "wait")
			q.keys[completed] = aSet("zset", "run-a", "run-d")
		}, []string{"job run-d is in completed, and its run is queued"}},
		{"a completed run failed", func(q *queueAccount) {
			delete(q.keys, completed)
			q.keys[failed] = aSet("zset", "run-a", "run-b")
		}, []string{"job run-a is in failed, and its run is completed"}},
		{"a job asks for something else", put("run-d", aJob(someOptions, `{"agentId":"agent","input":"other","steps":4,"stepMs":100}`)),
			[]string{"job run-d holds"}},
		{"a job is tried once", put("run-d", aJob(`{"attempts":1}`, someData)), []string{"job run-d has other options"}},
		{"a lock is left", put("run-a:lock", fixtures.QueueKey{Type: "string", TTL: 4000}), []string{"a lock of job run-a, which is not active"}},
		{"a lock never ends", put("run-c:lock", fixtures.QueueKey{Type: "string", TTL: -1}), []string{"a lock of job run-c that never ends"}},
	} {
		q := anAccount()
		tt.change(&q)
		got := q.wrong()
		if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The application keeps the last thousand jobs that were completed.
func TestQueueAccountAsksForNoJobThatTheApplicationDoesNotKeep(t *testing.T) {
	q := anAccount()
	var kept []string
	for i := range keptJobs + 100 {
		id := fmt.Sprintf("run-%04d", i)
		q.ended[id] = sec(10) + sec(i)
		if i >= 100 {
			kept = append(kept, id)
			q.keys[id], q.runs[id] = q.keys["run-a"], q.runs["run-a"]
		}
	}
	delete(q.keys, "run-a")
	q.keys[completed] = aSet("zset", kept...)
	if got := q.wrong(); len(got) > 0 {
		t.Errorf("what is not kept is asked for: %q", got)
	}
	q.keys[completed] = aSet("zset", append([]string{"run-0050"}, slices.Delete(kept, 500, 501)...)...)
	q.keys["run-0050"], q.runs["run-0050"] = q.keys["run-0100"], q.runs["run-0100"]
	delete(q.keys, "run-0600")
	if got := q.wrong(); !slices.Contains(got, "job run-0600 was completed, and is gone") {
		t.Errorf("a job that is gone from among the kept ones is not missed: %q", got)
	}
}

func TestLostJobsAreThoseOfAServerThatEnded(t *testing.T) {
	timeline := &recovery.Timeline{}
	timeline.Mark(recovery.RecoveryStarted, sec(12))
	site := Site{Timeline: timeline, Injected: sec(10), Losses: map[recovery.Class]recovery.Loss{}}
	if got := lostJobs(site, true); got != (span{}) {
		t.Errorf("a server that lived on has lost %v", got)
	}
	if got, want := lostJobs(site, false), (span{sec(9), sec(12)}); got != want {
		t.Errorf("one that ended and kept its keys has lost %v, want %v: the writes tell no closer", got, want)
	}
	site.Losses[recovery.Memory] = recovery.Loss{Lost: 1, Window: sec(3)}
	if got, want := lostJobs(site, false), (span{sec(6), sec(12)}); got != want {
		t.Errorf("one that was set back has lost %v, want %v", got, want)
	}
}

func TestWithdrawnRunsAreThoseThatNoClientWasToldOf(t *testing.T) {
	ledger := &recovery.Ledger{}
	for _, outcome := range []recovery.Outcome{recovery.Acknowledged, recovery.Refused, recovery.Unknown} {
		seq := ledger.Issue(recovery.Runs, sec(1))
		if outcome != recovery.Unknown {
			ledger.Settle(recovery.Runs, seq, outcome, sec(2))
		}
	}
	withdrawn := withdrawnBy(ledger)
	for run, want := range map[string]bool{
		"runs-00000000": false, "runs-00000001": true, "runs-00000002": true, "runs-00000003": false, "made-up": false,
	} {
		if got := withdrawn(run); got != want {
			t.Errorf("%s is withdrawn: %t", run, got)
		}
	}
}
