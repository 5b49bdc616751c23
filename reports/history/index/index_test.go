package index

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

// summary is a run of one drill, days after the first one.
func summary(days int, verdict string, rto ...float64) history.Summary {
	s := history.Summary{
		ID: fmt.Sprintf("run-%d", days), StartedAt: time.Date(2026, 1, 5+days, 8, 15, 0, 0, time.UTC), Verdict: verdict,
	}
	for i, seconds := range rto {
		s.Results = append(s.Results, history.Result{
			Drill: "redis-kill", Repetition: i + 1, Verdict: verdict, RTO: reports.RTO{MeasuredSeconds: &seconds},
		})
	}
	return s
}

func add(t *testing.T, path string, s history.Summary) {
	t.Helper()
	if _, err := history.Append(path, func(history.Chain) (history.Entry, error) { return history.Entry{Run: s}, nil }); err != nil {
		t.Fatal(err)
	}
}

// indexed is a history with an index.
func indexed(t *testing.T) (path string, c history.Chain) {
	t.Helper()
	path = filepath.Join(t.TempDir(), history.File)
	s := summary(0, reports.Met, 1.5, 1.7)
	s.Seed = 1<<64 - 1
	s.Scripts = map[string]reports.Script{"b.sh": {SHA256: "02"}, "a.sh": {SHA256: "01"}}
	s.Results[0].RTO.Phases = []reports.Phase{{Name: "impact", Seconds: 0.1}, {Name: "start the server", Seconds: 1.4}}
	s.Results[0].RPO = []history.Loss{{Class: "runs", Verdict: reports.Met, Judged: "observed", Lost: 1}}
	add(t, path, s)
	add(t, path, summary(1, reports.Missed, 2.5))
	c, err := history.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	refresh(t, path, c, true)
	return path, c
}

func refresh(t *testing.T, path string, c history.Chain, want bool) {
	t.Helper()
	rebuilt, err := Refresh(t.Context(), path, c)
	if err != nil || rebuilt != want {
		t.Fatalf("rebuilt %t, want %t: %v", rebuilt, want, err)
	}
}

func TestIndexAnswers(t *testing.T) {
	path, c := indexed(t)
	refresh(t, path, c, false)
	for question, want := range map[string]string{
		"SELECT run, verdict, seed FROM runs":                                      "[[run-0 met 18446744073709551615] [run-1 missed 0]]",
		"SELECT entry, count(*), max(rto) FROM results GROUP BY entry":             "[[1 2 1.7] [2 1 2.5]]",
		"SELECT phase, seconds FROM phases ORDER BY seconds DESC":                  "[[start the server 1.4] [impact 0.1]]",
		"SELECT class, observed, lost FROM losses":                                 "[[runs <nil> 1]]",
		"SELECT name, digest FROM files WHERE kind = 'script'":                     "[[a.sh 01] [b.sh 02]]",
		"SELECT started FROM runs WHERE started >= '2026-01-06'":                   "[[2026-01-06T08:15:00.000Z]]",
		"SELECT drill FROM results WHERE drill NOT IN (SELECT drill FROM results)": "[]",
	} {
		answer, err := Query(t.Context(), path, question)
		if got := fmt.Sprint(answer.Rows); err != nil || got != want {
			t.Errorf("%s: got %s, want %s, %v", question, got, want, err)
		}
	}
	for _, question := range []string{"DELETE FROM runs", "DROP TABLE runs", "SELEC", "SELECT nothing FROM runs"} {
		if _, err := Query(t.Context(), path, question); err == nil {
			t.Errorf("%s: no error", question)
		}
	}
	refresh(t, path, c, false)
}

// An index that is not what the chain holds is made anew, whatever became of it.
func TestIndexIsRebuilt(t *testing.T) {
	alter := func(statement string) func(*testing.T, string) {
		return func(t *testing.T, index string) {
			db, err := open(index, "rw")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, spoil := range map[string]func(*testing.T, string){
		"gone":          func(t *testing.T, index string) { _ = os.Remove(index) },
		"no database":   func(t *testing.T, index string) { _ = os.WriteFile(index, []byte("not SQLite at all"), 0o644) },
		"empty":         func(t *testing.T, index string) { _ = os.Truncate(index, 0) },
		"cut short":     func(t *testing.T, index string) { _ = os.Truncate(index, 5000) },
		"altered":       alter("UPDATE results SET verdict = 'met'"),
		"row deleted":   alter("DELETE FROM runs WHERE entry = 2"),
		"row added":     alter("INSERT INTO files VALUES (2, 'script', 'x.sh', '00')"),
		"table dropped": alter("DROP TABLE losses"),
		"renamed":       alter("ALTER TABLE runs RENAME COLUMN run TO id"),
		"another shape": alter("ALTER TABLE runs ADD COLUMN more TEXT"),
	} {
		t.Run(name, func(t *testing.T) {
			path, c := indexed(t)
			spoil(t, Path(path))
			refresh(t, path, c, true)
			refresh(t, path, c, false)
		})
	}
	path, _ := indexed(t)
	add(t, path, summary(2, reports.Met, 1.5))
	c, err := history.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	refresh(t, path, c, true)
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestIndexThatCannotBeWritten(t *testing.T) {
	if _, err := Refresh(t.Context(), filepath.Join(t.TempDir(), "gone", history.File), history.Chain{}); err == nil {
		t.Error("no error")
	}
}
