package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

// add appends a run to the history.
func add(t *testing.T, path string, s Summary) Entry {
	t.Helper()
	e, err := Append(path, func(Chain) (Entry, error) { return Entry{RecordSHA256: digest([]byte(s.ID)), Run: s}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAppendAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", File)
	if _, err := Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read what is not there: %v", err)
	}
	first := add(t, path, summary(0, reports.Met, 1.5))
	second := add(t, path, summary(1, reports.Missed, 2.5))
	if first.Number != 1 || first.Previous != "" || second.Number != 2 || second.Previous != first.Hash {
		t.Errorf("entries %+v and %+v", first, second)
	}
	c, err := Read(path)
	if err != nil || len(c.Damage) > 0 || len(c.Entries) != 2 || c.Head != second.Hash {
		t.Errorf("read %+v, %v", c, err)
	}
}

func TestRunsAtTheSameTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { add(t, path, summary(i, reports.Met, 1.5)) })
	}
	all.Wait()
	if c, err := Read(path); err != nil || len(c.Damage) > 0 || c.Next != 21 {
		t.Errorf("read %d entries, %v, %v", len(c.Entries), c.Damage, err)
	}
}

// A last line that is cut off stays, whatever is appended after it.
func TestAppendAfterACutLine(t *testing.T) {
	whole := file(chained(t, 3)...)
	for cut := 1; cut < 600; cut++ {
		path := filepath.Join(t.TempDir(), File)
		torn := whole[:len(whole)-cut]
		if err := os.WriteFile(path, torn, 0o644); err != nil {
			t.Fatal(err)
		}
		add(t, path, summary(4, reports.Met, 1.5))
		data, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(data), string(torn)+"\n") {
			t.Fatalf("cut by %d: what was there is not there: %v", cut, err)
		}
		c := Parse(data)
		if cut == 1 { // the entry was whole, and only its end was missing
			if len(c.Damage) > 0 || c.Next != 5 {
				t.Fatalf("cut by 1: %v", c.Damage)
			}
			continue
		}
		if len(c.Damage) != 1 || c.Damage[0].Line != 3 || !strings.HasSuffix(c.Damage[0].What, "(it was so already when entry 4 was written)") {
			t.Fatalf("cut by %d: %v", cut, c.Damage)
		}
	}
}

func TestDamageIsNotWrittenOver(t *testing.T) {
	lines := chained(t, 4)
	lines[1][100] ^= 1
	path := filepath.Join(t.TempDir(), File)
	before := file(lines...)
	if err := os.WriteFile(path, before, 0o644); err != nil {
		t.Fatal(err)
	}
	add(t, path, summary(9, reports.Met, 1.5))
	after, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(after), string(before)) {
		t.Errorf("what was there is not there: %v", err)
	}
	if c := Parse(after); len(c.Damage) != 1 || c.Damage[0].Line != 2 || c.Next != 6 {
		t.Errorf("got %v", c.Damage)
	}
}

func TestAppendThatFailsLeavesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	add(t, path, summary(0, reports.Met, 1.5))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	if _, err := Append(path, func(Chain) (Entry, error) { return Entry{}, no }); !errors.Is(err, no) {
		t.Errorf("error %v, want %v", err, no)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
	if _, err := Append(filepath.Join(path, "below"), nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestSummarise(t *testing.T) {
	measured := 1.5
	r := reports.Record{
		Run: reports.Run{ID: "run-1", StartedAt: epoch, Aborted: "interrupted", Scale: "small"},
		Drills: []reports.Drill{{
			Name: "redis-kill", Repetition: 1, Verdict: reports.Met, RTO: reports.RTO{MeasuredSeconds: &measured},
			RPO:        []reports.RPO{{Class: "runs", Verdict: reports.Met, Judged: "observed", ObservedSeconds: &measured, Lost: 2}},
			Steps:      []reports.Step{{Script: "restart-redis.sh"}, {Script: "restart-redis.sh"}},
			Workers:    &reports.Workers{Settings: "tuned"},
			Regression: &reports.Regression{Verdict: reports.Missed, Otherwise: reports.Met},
		}, {Name: "worker-kill", Repetition: 1, Verdict: reports.NotProven}},
	}
	s := Summarise(r)
	got := fmt.Sprintf("%s %s %v %v %+v", s.Verdict, s.Aborted, s.Drills(), s.Of("worker-kill"), s.Results[0].RPO[0].Lost)
	if want := "not-proven interrupted [redis-kill] [] 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Run.Aborted = ""
	if whole := Summarise(r); len(whole.Of("worker-kill")) != 1 {
		t.Error("a drill that proved nothing in a run that ended as it should is left out")
	}
	first := s.Results[0]
	if first.Regression != reports.Missed || first.Otherwise != reports.Met || first.Workers != "tuned" || len(first.Scripts) != 1 {
		t.Errorf("got %+v", first)
	}
}
