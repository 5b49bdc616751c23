package faults_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cogitator-ai/drdrill/faults"
)

var errBroken = errors.New("the engine is away")

// system is a stack of which a test says what it holds, and which call to it fails.
type system struct {
	running   map[string]bool
	immortal  bool
	volumes   []string
	cluster   []string
	sandboxes []string
	image     []string
	primaries []string          // of the cluster
	bare      bool              // the first of them has no replica
	rows      map[string]int64  // touched by a statement, by a part of it
	endings   map[string]string // how services ended, by name
	frozen    []string          // services
	begun     string            // the only worker that has just begun a run; empty: all of them have
	printed   string            // by a script
	opened    int               // sessions by a leak
	waiting   int               // sessions for a forgotten transaction
	abandoned string            // what a rebuild that fails leaves
	answers   map[string]int    // how many rows a query returns, by a part of it
	fail      string            // the beginning of the call that fails

	calls []string
}

func (s *system) call(format string, args ...any) error {
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
	if s.fail != "" && strings.HasPrefix(s.calls[len(s.calls)-1], s.fail) {
		return errBroken
	}
	return nil
}

// oneAtATime is for faults that hit several services at once.
var oneAtATime sync.Mutex

func (s *system) Kill(_ context.Context, service string) error {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	err := s.call("kill %s", service)
	s.running[service] = s.running[service] && (s.immortal || err != nil)
	return err
}

func (s *system) Running(_ context.Context, service string) (bool, error) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	// The answer is part of the call, so that a test can break the one before the kill or the one after it.
	return s.running[service], s.call("running %t %s", s.running[service], service)
}

func (s *system) Ended(_ context.Context, service string) (bool, string, error) {
	how, ended := s.endings[service]
	return ended, how, s.call("ended %s", service)
}

func (s *system) FreezeService(_ context.Context, service string) error {
	s.frozen = append(s.frozen, service)
	return s.call("freeze service %s", service)
}

func (s *system) Frozen(_ context.Context, service string) (bool, error) {
	return !s.immortal && slices.Contains(s.frozen, service), s.call("frozen %s", service)
}

// Submit takes a run for the queue.
func (s *system) Submit(_ context.Context, r faults.Run) (string, error) {
	return "runs-1", s.call("submit %s", r.Input)
}

func (s *system) Destroy(_ context.Context, service string) ([]string, error) {
	return append([]string{"container " + service}, s.volumes...), s.call("destroy %s", service)
}

func (s *system) DestroyCluster(context.Context) ([]string, error) {
	return s.cluster, s.call("destroy cluster")
}

func (s *system) ExecSQL(_ context.Context, sql string, args ...any) (int64, error) {
	if err := s.call("sql %s %v", sql, args); err != nil {
		return 0, err
	}
	if s.begun != "" && strings.Contains(sql, "run_steps") && !slices.Contains(args, any(s.begun)) {
		return 0, nil
	}
	for part, rows := range s.rows {
		if strings.Contains(fmt.Sprint(sql, args), part) {
			return rows, nil
		}
	}
	return 0, nil
}

func (s *system) QuerySQL(_ context.Context, sql string, args ...any) (rows []string, err error) {
	if err := s.call("query %s %v", sql, args); err != nil {
		return nil, err
	}
	for part, n := range s.answers {
		if strings.Contains(sql, part) {
			for i := range n {
				rows = append(rows, fmt.Sprintf("%d digest-%d", i, i))
			}
		}
	}
	return rows, nil
}

func (s *system) Start(_ context.Context, service string) error { return s.call("start %s", service) }

func (s *system) RunOn(_ context.Context, service, script string) (string, error) {
	return s.printed, s.call("run on %s: %s", service, script)
}

func (s *system) Disconnect(_ context.Context, service string) error {
	return s.call("disconnect %s", service)
}

func (s *system) Connect(_ context.Context, service string) error {
	return s.call("connect %s", service)
}

func (s *system) Connected(_ context.Context, service string) (bool, error) {
	return s.running[service], s.call("connected %s", service)
}

func (s *system) Sandboxes(context.Context) ([]string, error) {
	return s.sandboxes, s.call("sandboxes")
}

func (s *system) FreezeContainer(_ context.Context, id string) error { return s.call("freeze %s", id) }

func (s *system) RemoveSandboxImage(context.Context) ([]string, error) {
	return s.image, s.call("remove image")
}

func (s *system) LeakSessions(context.Context) (int, error) { return s.opened, s.call("leak") }

func (s *system) FillDisk(context.Context) (string, error) { return s.printed, s.call("fill") }

func (s *system) HauntPrimary(context.Context) { s.calls = append(s.calls, "haunt") }

func (s *system) ForgetTransaction(context.Context) (int, error) { return s.waiting, s.call("forget") }

func (s *system) BreakSandboxImage(context.Context) ([]string, error) {
	return s.image, s.call("break image")
}

func (s *system) AbandonRebuild(context.Context) (string, error) {
	return s.abandoned, s.call("abandon")
}

func (s *system) Primaries(context.Context) (all, replicated []string, err error) {
	replicated = s.primaries
	if s.bare {
		replicated = s.primaries[1:]
	}
	return s.primaries, replicated, s.call("primaries")
}

func (s *system) AwaitFailover(context.Context) error { return s.call("await failover") }

// called are the calls that begin so.
func (s *system) called(prefix string) []string {
	return slices.DeleteFunc(slices.Clone(s.calls), func(call string) bool { return !strings.HasPrefix(call, prefix) })
}

var someRuns, someVectors = []string{"r1", "r2", "r3", "r4"}, []string{"v1", "v2"}

func inject(f faults.Fault, s *system, seed uint64) (string, error) {
	return f.Inject(context.Background(), faults.Target{
		System: s, Queue: s, Runs: someRuns, Vectors: someVectors, Workers: []string{"worker-1", "worker-2"},
		Rand: rand.New(rand.NewPCG(seed, 1)),
	})
}

func TestFaults(t *testing.T) {
	var (
		kill     = faults.Kill{Service: "redis"}
		leaky    = faults.LeakMemory{Service: "redis"}
		lost     = faults.LostJob{Service: "redis"}
		cut      = faults.Partition{Service: "redis", For: time.Second}
		destroy  = faults.Destroy{Service: "redis"}
		all      = faults.LoseCluster{}
		whole    = []string{"container a", "volume b", "network c"}
		json     = faults.CorruptJSON{}
		vectors  = faults.ShortVectors{}
		freeze   = faults.FreezeSandboxes{}
		untagged = faults.RemoveSandboxImage{}
		busy     = faults.KillBusyWorker{}
		lose     = faults.LosePrimary{Service: "postgres"}
		fill     = faults.FillDisk{}
		leak     = faults.LeakSessions{}
		forget   = faults.ForgetTransaction{}
		missing  = faults.UnindexedRows{}
		abandon  = faults.AbandonedRebuild{}
		frozen   = faults.FreezeBusyWorker{}
		lethal   = faults.LethalRun{Why: "eats", Input: "memory", Ends: "oom-kill"}
		primary  = faults.KillPrimary{}
		majority = faults.KillMajority{}
		failover = faults.AwaitFailover{}
	)
	up := func(names ...string) map[string]bool {
		running := map[string]bool{}
		for _, name := range names {
			running[name] = true
		}
		return running
	}
	workers, three := up("worker-1", "worker-2"), up("a", "b", "c")
	tests := []struct {
		name  string
		fault faults.Fault
		on    system
		hit   string // what it says that it hit
		err   error
	}{
		{"kill", kill, system{running: up("redis")}, "killed redis", nil},
		{"kill of what does not run", kill, system{running: up("postgres")}, "", faults.ErrNothingHit},
		{"kill that does not kill", kill, system{running: up("redis"), immortal: true}, "", faults.ErrNothingHit},
		{"kill fails", kill, system{running: up("redis"), fail: "kill"}, "", errBroken},
		{"nobody can say what runs", kill, system{running: up("redis"), fail: "running true"}, "", errBroken},
		{"nobody can say what still runs", kill, system{running: up("redis"), fail: "running false"}, "", errBroken},

		{"destroy", destroy, system{volumes: []string{"volume data"}}, "removed container redis, volume data", nil},
		{"destroy what has no volume", destroy, system{}, "", faults.ErrNothingHit},
		{"destroy fails", destroy, system{volumes: []string{"volume data"}, fail: "destroy"}, "", errBroken},

		{"lose all", all, system{cluster: whole, printed: "/etc/cogitator\n/var/backups\n"}, "removed container a, volume b, network c, /etc/cogitator, /var/backups", nil},
		{"lose all of a stack without volumes", all, system{cluster: []string{"container a", "network c"}, printed: "/etc"}, "", faults.ErrNothingHit},
		{"lose all, and no configuration", all, system{cluster: whole}, "", faults.ErrNothingHit},
		{"lose all fails", all, system{cluster: whole, printed: "/etc", fail: "destroy"}, "", errBroken},
		{"lose the configuration fails", all, system{cluster: whole, printed: "/etc", fail: "run on operator"}, "", errBroken},

		{"JSON", json, system{rows: map[string]int64{"left(result": 2, "not": 2}}, "cut 2 results short and gave 2 another shape", nil},
		{"JSON, none broken", json, system{rows: map[string]int64{"not": 2}}, "", faults.ErrNothingHit},
		{"JSON, none misshapen", json, system{rows: map[string]int64{"left(result": 2}}, "", faults.ErrNothingHit},
		{"JSON, first statement fails", json, system{fail: "sql UPDATE runs SET result = left"}, "", errBroken},
		{"JSON, second statement fails", json, system{fail: "sql UPDATE runs SET result = '["}, "", errBroken},

		{"vectors", vectors, system{rows: map[string]int64{"subvector": 2}}, "shortened 2 embeddings to 768 dimensions", nil},
		{"vectors, none there", vectors, system{}, "", faults.ErrNothingHit},
		{"vectors, no index to drop", vectors, system{fail: "sql DROP INDEX"}, "", errBroken},
		{"vectors, update fails", vectors, system{fail: "sql UPDATE memory_vectors"}, "", errBroken},

		{"lose the primary", lose, system{running: up("postgres")}, "killed postgres", nil},
		{"lose a primary that does not run", lose, system{}, "", faults.ErrNothingHit},
		{"lose the primary fails", lose, system{running: up("postgres"), fail: "kill"}, "", errBroken},

		{"fill the disk", fill, system{printed: "PANIC:  no space"}, "filled the disk with log that is kept for a slot; the server's last words were: PANIC:  no space", nil},
		{"fill a disk that is too large", fill, system{}, "", faults.ErrNothingHit},
		{"fill the disk fails", fill, system{fail: "fill"}, "", errBroken},

		{"leak", leak, system{opened: 92}, "took the last 92 connections with sessions that do nothing", nil},
		{"leak where nothing is free", leak, system{}, "", faults.ErrNothingHit},
		{"leak fails", leak, system{opened: 3, fail: "leak"}, "", errBroken},

		{"forgotten transaction", forget, system{waiting: 4}, "left a transaction open that 4 sessions wait for", nil},
		{"forgotten transaction that is in nobody's way", forget, system{}, "", faults.ErrNothingHit},
		{"forgotten transaction fails", forget, system{fail: "forget"}, "", errBroken},

		{"unindexed rows", missing, system{rows: map[string]int64{"SELECT FROM": 9}}, "left 9 embeddings out of the index", nil},
		{"unindexed rows, none there", missing, system{}, "", faults.ErrNothingHit},
		{"unindexed rows, count fails", missing, system{fail: "sql SELECT"}, "", errBroken},
		{"unindexed rows, update fails", missing, system{rows: map[string]int64{"SELECT FROM": 9}, fail: "sql UPDATE"}, "", errBroken},
		{"abandoned rebuild", abandon, system{abandoned: "i_ccnew"}, "an abandoned rebuild left i_ccnew", nil},
		{"abandoned rebuild that left nothing", abandon, system{}, "", faults.ErrNothingHit},
		{"abandoned rebuild fails", abandon, system{fail: "abandon"}, "", errBroken},

		{"freeze", freeze, system{sandboxes: []string{"a", "b", "c"}}, "froze 2 of 3 sandboxes", nil},
		{"freeze the only one", freeze, system{sandboxes: []string{"a"}}, "", faults.ErrNothingHit},
		{"freeze without sandboxes", freeze, system{}, "", faults.ErrNothingHit},
		{"freeze, list fails", freeze, system{fail: "sandboxes"}, "", errBroken},
		{"freeze fails", freeze, system{sandboxes: []string{"a", "b", "c"}, fail: "freeze c"}, "", errBroken},

		{"image", untagged, system{image: []string{"sandbox a", "image sha256:1"}}, "removed sandbox a, image sha256:1", nil},
		{"image that is not there", untagged, system{image: []string{"sandbox a"}}, "", faults.ErrNothingHit},
		{"image, removal fails", untagged, system{image: []string{"image sha256:1"}, fail: "remove image"}, "", errBroken},

		{"broken image", faults.BreakSandboxImage{}, system{image: []string{"tagged image sha256:2", "image sha256:1"}}, "tagged image sha256:2, image sha256:1", nil},
		{"broken image that is not tagged", faults.BreakSandboxImage{}, system{image: []string{"image sha256:1"}}, "", faults.ErrNothingHit},
		{"broken image, breaking fails", faults.BreakSandboxImage{}, system{fail: "break"}, "", errBroken},

		{"busy worker", busy, system{running: workers, rows: map[string]int64{"worker-2": 3}}, "killed worker-2 in the middle of 3 runs", nil},
		{"no worker is busy", busy, system{running: workers}, "", faults.ErrNothingHit},
		{"busy worker, asking fails", busy, system{running: workers, fail: "sql SELECT"}, "", errBroken},
		{"busy worker does not run", busy, system{rows: map[string]int64{"worker-2": 3}}, "", faults.ErrNothingHit},
		{"busy worker, kill fails", busy, system{running: up("worker-2"), rows: map[string]int64{"worker-2": 3}, fail: "kill"}, "", errBroken},

		{"lethal run", lethal, system{endings: map[string]string{"worker-2": "oom-kill"}}, "run runs-1 ended worker-2: oom-kill", nil},
		{"lethal run, another ending", lethal, system{endings: map[string]string{"worker-2": "signal"}}, "", faults.ErrNothingHit},
		{"lethal run is not taken", lethal, system{fail: "submit"}, "", errBroken},
		{"lethal run, asking fails", lethal, system{fail: "ended worker-2"}, "", errBroken},

		{"memory leak", leaky, system{printed: "leaked 3 keys\n"}, "leaked 3 keys", nil},
		{"memory leak that fills nothing", leaky, system{}, "", faults.ErrNothingHit},
		{"lost job", lost, system{printed: "deleted the waiting job run-9\n"}, "deleted the waiting job run-9", nil},
		{"lost job where none waits", lost, system{}, "", faults.ErrNothingHit},
		{"memory leak fails", leaky, system{fail: "run on redis"}, "", errBroken},

		{"torn log", faults.TearLog{}, system{printed: "cut the last 9 bytes\n"}, "cut the last 9 bytes", nil},
		{"torn log that is sound", faults.TearLog{}, system{}, "", faults.ErrNothingHit},
		{"torn log, no log there", faults.TearLog{}, system{fail: "run on operator"}, "", errBroken},
		{"flipped log", faults.FlipLog{}, system{printed: "changed 512 bytes\n"}, "changed 512 bytes", nil},
		{"flipped log that is sound", faults.FlipLog{}, system{}, "", faults.ErrNothingHit},
		{"flipped log, no log there", faults.FlipLog{}, system{fail: "run on operator"}, "", errBroken},

		{"partition", cut, system{running: up("redis")}, "cut off redis", nil},
		{"partition of what is alone", cut, system{}, "", faults.ErrNothingHit},
		{"partition, asking fails", cut, system{running: up("redis"), fail: "connected"}, "", errBroken},
		{"partition fails", cut, system{running: up("redis"), fail: "disconnect"}, "", errBroken},
		{"frozen worker", frozen, system{rows: map[string]int64{"worker-2 runs-1": 1}}, "froze worker-2 in the middle of runs-1", nil},
		{"frozen worker that goes on", frozen, system{immortal: true, rows: map[string]int64{"worker-2 runs-1": 1}}, "", faults.ErrNothingHit},
		{"frozen worker, no run to give", frozen, system{fail: "submit"}, "", errBroken},
		{"frozen worker, asking who has it fails", frozen, system{fail: "sql SELECT"}, "", errBroken},
		{"frozen worker, freezing fails", frozen, system{rows: map[string]int64{"worker-2 runs-1": 1}, fail: "freeze"}, "", errBroken},
		{"frozen worker, asking whether it is fails", frozen, system{rows: map[string]int64{"worker-2 runs-1": 1}, fail: "frozen"}, "", errBroken},

		{"primary", primary, system{running: three, primaries: []string{"a", "b", "c"}, bare: true}, "killed b", nil},
		{"primary, none has a replica", primary, system{running: three, primaries: []string{"a"}, bare: true}, "", faults.ErrNothingHit},
		{"primary, asking fails", primary, system{primaries: []string{"a"}, fail: "primaries"}, "", errBroken},
		{"primary, kill fails", primary, system{running: three, primaries: []string{"a"}, fail: "kill"}, "", errBroken},

		{"majority", majority, system{running: three, primaries: []string{"a", "b", "c"}, bare: true}, "killed b and c, of 3 primaries", nil},
		{"majority has no replicas", majority, system{running: three, primaries: []string{"a", "b"}, bare: true}, "", faults.ErrNothingHit},
		{"majority of nothing", majority, system{}, "", faults.ErrNothingHit},
		{"majority, asking fails", majority, system{primaries: []string{"a"}, fail: "primaries"}, "", errBroken},
		{"majority, one does not run", majority, system{running: up("b"), primaries: []string{"a", "b", "c"}, bare: true}, "", faults.ErrNothingHit},

		{"failover", failover, system{}, "all slots were served again for a second 0.0 s later", nil},
		{"failover does not come", failover, system{fail: "await failover"}, "", errBroken},

		{"nothing", faults.Noop{}, system{}, "", faults.ErrNothingHit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			running := map[string]bool{}
			maps.Copy(running, tt.on.running)
			tt.on.running = running
			hit, err := inject(tt.fault, &tt.on, 1)
			if hit != tt.hit || !errors.Is(err, tt.err) {
				t.Errorf("hit %q, error %v; want %q, %v", hit, err, tt.hit, tt.err)
			}
			// Missing the target and failing at it are told apart.
			if errors.Is(tt.err, errBroken) && errors.Is(err, faults.ErrNothingHit) {
				t.Errorf("%v hides a failure behind a miss", err)
			}
			if tt.fault.Describe() == "" {
				t.Error("it does not say what it breaks")
			}
		})
	}
}

// A worker that has no run left once it is dead had finished them: the fault came too late.
func TestKillBusyWorkerTooLate(t *testing.T) {
	s := &finisher{system{running: map[string]bool{"worker-1": true, "worker-2": true}, rows: map[string]int64{"worker": 1}}}
	target := faults.Target{System: s, Workers: []string{"worker-1", "worker-2"}, Rand: rand.New(rand.NewPCG(1, 1))}
	if hit, err := (faults.KillBusyWorker{}).Inject(t.Context(), target); !errors.Is(err, faults.ErrNothingHit) {
		t.Errorf("hit %q, error %v; want %v", hit, err, faults.ErrNothingHit)
	}
}

// finisher is a system whose workers end their runs just before they die.
type finisher struct{ system }

func (f *finisher) Kill(ctx context.Context, service string) error {
	f.rows = nil
	return f.system.Kill(ctx, service)
}

func TestWhatFaultsTouch(t *testing.T) {
	s := &system{rows: map[string]int64{"left(result": 2, "not": 2}}
	if _, err := inject(faults.CorruptJSON{}, s, 1); err != nil {
		t.Fatal(err)
	}
	if calls := s.called("sql"); len(calls) != 2 || !strings.HasSuffix(calls[0], "[[r1 r2]]") || !strings.HasSuffix(calls[1], "[[r3 r4]]") {
		t.Errorf("each half of the given runs, and nothing else, is damaged in one way: %q", calls)
	}
	s = &system{rows: map[string]int64{"subvector": 2}}
	if _, err := inject(faults.ShortVectors{}, s, 1); err != nil {
		t.Fatal(err)
	}
	if calls := s.called("sql UPDATE"); len(calls) != 1 || !strings.HasSuffix(calls[0], "[[v1 v2]]") {
		t.Errorf("the given vectors, and no others, are shortened: %q", calls)
	}
	s = &system{sandboxes: []string{"a", "b", "c"}}
	if _, err := inject(faults.FreezeSandboxes{}, s, 1); err != nil {
		t.Fatal(err)
	}
	if calls, want := s.called("freeze"), []string{"freeze b", "freeze c"}; !slices.Equal(calls, want) {
		t.Errorf("%q, want %q: the first one stays healthy", calls, want)
	}
}

func TestSeedPicksTheWorker(t *testing.T) {
	pick := func(seed uint64) string {
		s := &system{running: map[string]bool{"worker-1": true, "worker-2": true}, rows: map[string]int64{"worker": 1}}
		if _, err := inject(faults.KillBusyWorker{}, s, seed); err != nil {
			t.Fatal(err)
		}
		return s.called("kill")[0]
	}
	picked := map[string]bool{}
	for seed := range uint64(20) {
		first := pick(seed)
		if again := pick(seed); again != first {
			t.Errorf("seed %d picks %s, then %s", seed, first, again)
		}
		picked[first] = true
	}
	if len(picked) != 2 {
		t.Errorf("20 seeds pick %v, want either worker", picked)
	}
}

// The fault comes when a worker has just begun a run: one that was about to end would prove nothing.
func TestKillBusyWorkerAwaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &system{running: map[string]bool{}, rows: map[string]int64{}}
		target := faults.Target{System: s, Workers: []string{"worker-1", "worker-2"}, Rand: rand.New(rand.NewPCG(1, 1))}
		began := time.Now()
		err := faults.KillBusyWorker{}.Await(t.Context(), target)
		if took := time.Since(began); !errors.Is(err, faults.ErrNothingHit) || took < time.Second || took > time.Minute {
			t.Errorf("error %v after %s, want %v after a while", err, took, faults.ErrNothingHit)
		}
		s.rows["worker-2"] = 1
		if err := (faults.KillBusyWorker{}).Await(t.Context(), target); err != nil {
			t.Errorf("error %v, though a run has just begun", err)
		}
		s.fail = "sql SELECT"
		if err := (faults.KillBusyWorker{}).Await(t.Context(), target); !errors.Is(err, errBroken) || errors.Is(err, faults.ErrNothingHit) {
			t.Errorf("error %v, want %v", err, errBroken)
		}
		if len(s.called("kill")) > 0 {
			t.Errorf("waiting kills: %q", s.calls)
		}
	})
}

// A run that no worker dies of has hit nothing.
func TestLethalRunThatNobodyDiesOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if hit, err := inject(faults.LethalRun{Ends: "signal"}, &system{}, 1); !errors.Is(err, faults.ErrNothingHit) {
			t.Errorf("hit %q, error %v; want %v", hit, err, faults.ErrNothingHit)
		}
	})
}

// A worker that has just begun a run is killed before one that may be about to end its own.
func TestKillBusyWorkerPrefersTheOneThatJustBegan(t *testing.T) {
	for seed := range uint64(10) {
		s := &system{running: map[string]bool{"worker-1": true, "worker-2": true}, rows: map[string]int64{"worker": 1}, begun: "worker-1"}
		if hit, err := inject(faults.KillBusyWorker{}, s, seed); err != nil || !strings.HasPrefix(hit, "killed worker-1 ") {
			t.Errorf("seed %d: hit %q, %v; want worker-1", seed, hit, err)
		}
	}
}

func TestPartitionHeals(t *testing.T) {
	s := &system{}
	cut := faults.Partition{Service: "redis", For: time.Second}
	if err := cut.Remove(t.Context(), faults.Target{System: s}); err != nil || !slices.Equal(s.calls, []string{"connect redis"}) {
		t.Errorf("%v after %q, want redis to be connected again", err, s.calls)
	}
	if cut.Lasts() != time.Second {
		t.Errorf("it lasts %s, not what it is told", cut.Lasts())
	}
}
