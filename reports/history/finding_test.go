package history

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// entriesOf are runs as entries, in order.
func entriesOf(runs ...Summary) []Entry {
	var list []Entry
	for i, s := range runs {
		list = append(list, Entry{Number: i + 1, Run: s})
	}
	return list
}

// with adds the result of another drill to a run.
func with(s Summary, drill, verdict string) Summary {
	s.Results = append(slices.Clone(s.Results), Result{Drill: drill, Repetition: 1, Verdict: verdict})
	return s
}

func texts(list []Finding, kind string) string {
	var lines []string
	for _, f := range list {
		if f.Kind == kind {
			lines = append(lines, f.Text)
		}
	}
	return strings.Join(lines, "\n")
}

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func at(s Summary, t time.Time) Summary {
	s.StartedAt = t
	return s
}

func TestMissedQuarters(t *testing.T) {
	january := at(with(summary(0, reports.Met, 1.5), "worker-kill", reports.Met), on(2026, 1, 5))
	april := at(summary(100, reports.Missed, 1.5), on(2026, 4, 1))
	december := at(summary(400, reports.NotProven, 1.5), on(2026, 12, 31))
	for name, tt := range map[string]struct {
		runs []Summary
		now  time.Time
		want string
	}{
		"nothing yet":             {nil, on(2026, 4, 1), ""},
		"the quarter is not over": {[]Summary{january}, on(2026, 3, 31), ""},
		"the next is not over":    {[]Summary{january}, on(2026, 6, 30), ""},
		"nothing ran": {[]Summary{january}, on(2026, 7, 1),
			"No drill gave a result in the 2nd quarter of 2026."},
		"one drill did not run": {[]Summary{january, april}, on(2026, 7, 1),
			"1 of 2 drills gave no result in the 2nd quarter of 2026: worker-kill."},
		"a new drill was not due before": {[]Summary{april, at(with(summary(100, reports.Met, 1.5), "new", reports.Met), on(2026, 7, 3))}, on(2026, 10, 1), ""},
		"not proven is no result": {[]Summary{january, april, december}, on(2027, 1, 1),
			"1 of 2 drills gave no result in the 2nd quarter of 2026: worker-kill.\n" +
				"No drill gave a result in the 3rd quarter of 2026.\nNo drill gave a result in the 4th quarter of 2026."},
	} {
		c := Chain{Entries: entriesOf(tt.runs...)}
		if got := texts(c.Findings(tt.now), MissedQuarter); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.want)
		}
	}
}

func TestMissedQuarterNamesSomeDrills(t *testing.T) {
	run := summary(0, reports.Met)
	for _, drill := range strings.Fields("a b c d e f g") {
		run = with(run, drill, reports.Met)
	}
	c := Chain{Entries: entriesOf(run, at(with(summary(1, reports.Met), "a", reports.Met), on(2026, 4, 2)))}
	want := "6 of 7 drills gave no result in the 2nd quarter of 2026: b, c, d, e, f and 1 more."
	if got := texts(c.Findings(on(2026, 7, 1)), MissedQuarter); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRunsAfterAFailedOne(t *testing.T) {
	scripts := func(s Summary, sum string) Summary {
		s.Scripts = map[string]reports.Script{"restart-redis.sh": {SHA256: sum}, "other.sh": {SHA256: s.ID}}
		return s
	}
	images := func(s Summary, sum string) Summary {
		s.Images = map[string]reports.Image{"redis": {Digest: sum}}
		return s
	}
	met, missed, unproven := summary(0, reports.Met, 1.5), summary(1, reports.Missed, 9), summary(2, reports.NotProven, 1.5)
	unrun := summary(3, reports.NotProven, 1.5)
	unrun.Results[0].Unrun = true
	again := summary(4, reports.Met, 1.5)
	for name, tt := range map[string]struct {
		runs       []Summary
		rerun, not string
	}{
		"always met": {[]Summary{met, again}, "", ""},
		"run again until met": {[]Summary{met, missed, unproven, again},
			"redis-kill was met in run run-4 after 2 runs in which it was not: run-1 (missed), run-2 (not proven); its scripts and images were the same.", ""},
		"what did not begin failed nothing": {[]Summary{met, unrun, again}, "", ""},
		"mended": {[]Summary{images(scripts(missed, "01"), "a"), images(scripts(again, "02"), "b")},
			"redis-kill was met in run run-4 after 1 run in which it was not: run-1 (missed); in between changed: script restart-redis.sh, image redis.", ""},
		"still failing": {[]Summary{met, missed, unproven},
			"", "redis-kill was not met in its last 2 runs: run-1 (missed), run-2 (not proven)."},
		"failed once": {[]Summary{met, missed}, "", ""},
		"many": {[]Summary{missed, missed, missed, missed, unproven},
			"", "redis-kill was not met in its last 5 runs: 2 earlier ones, run-1 (missed), run-1 (missed), run-2 (not proven)."},
	} {
		list := Chain{Entries: entriesOf(tt.runs...)}.Findings(on(2026, 1, 20))
		if got := texts(list, Rerun); got != tt.rerun {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.rerun)
		}
		if got := texts(list, Failing); got != tt.not {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.not)
		}
	}
}

func TestInform(t *testing.T) {
	lines := chained(t, 4)
	lines[1][100] ^= 1
	c := Parse(file(lines...))
	measured := 1.5
	r := reports.Record{
		Run: reports.Run{ID: "now", StartedAt: epoch.AddDate(0, 0, 9)},
		Drills: []reports.Drill{
			{Name: "redis-kill", Repetition: 1, Verdict: reports.Met, RTO: reports.RTO{MeasuredSeconds: &measured}},
			{Name: "new", Repetition: 1, Verdict: reports.Met},
		},
	}
	c.Inform(&r, []Finding{{Kind: Contradicted, Text: "A record says otherwise."}})
	if r.History == nil || r.History.Entry != 5 || r.History.Previous != digest(lines[3]) {
		t.Errorf("place %+v", r.History)
	}
	if trend := r.Drills[0].Trend; len(trend) != 3 || trend[0].RunID != "run-0" || *trend[2].RTOSeconds != 1.5 || r.Drills[1].Trend != nil {
		t.Errorf("trend %+v", trend)
	}
	if len(r.Findings) != 2 || !strings.Contains(r.Findings[1], "damaged in line 2: entry 2: it was altered") {
		t.Errorf("findings %q", r.Findings)
	}
}

// Findings of the run itself are in its record; old ones are not.
func TestInformTellsOfTheRunItself(t *testing.T) {
	c := Chain{Entries: entriesOf(at(summary(0, reports.Missed, 9), on(2024, 1, 1)), at(summary(1, reports.Met, 1.5), on(2024, 2, 1)),
		at(summary(2, reports.Missed, 9), on(2026, 7, 1)))}
	r := reports.Record{
		Run:    reports.Run{ID: "now", StartedAt: on(2026, 7, 2)},
		Drills: []reports.Drill{{Name: "redis-kill", Repetition: 1, Verdict: reports.Met}},
	}
	c.Inform(&r, nil)
	all := strings.Join(r.Findings, "\n")
	if !strings.Contains(all, "redis-kill was met in run now after 1 run in which it was not: run-2 (missed)") || strings.Contains(all, "run-0") {
		t.Errorf("findings %s", all)
	}
	if strings.Contains(all, "quarter of 2024") || !strings.Contains(all, "No drill gave a result in the 3rd quarter of 2025.") {
		t.Errorf("findings %s", all)
	}
}

func TestAgainstRecords(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	kept := func(id, record string) Entry {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, id), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, id, reports.RecordFile), []byte(record), 0o644); err != nil {
			t.Fatal(err)
		}
		return Entry{RecordSHA256: digest([]byte(record)), Run: Summary{ID: id}}
	}
	write := func(entries ...Entry) Chain {
		t.Helper()
		_ = os.Remove(path)
		for _, e := range entries {
			if _, err := Append(path, func(Chain) (Entry, error) { return e, nil }); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a := kept("a", `{"run":{"id":"a"},"history":{"entry":1,"previous":""}}`)
	head := write(a).Head
	b := kept("b", `{"run":{"id":"b"},"history":{"entry":2,"previous":"`+head+`"}}`)
	kept("old", `{"run":{"id":"old"}}`)
	found := func(c Chain) string {
		records, unread := KeptBeside(path)
		return texts(append(unread, c.Against(records)...), Contradicted)
	}
	if got := found(write(a, b)); got != "" {
		t.Errorf("found %s", got)
	}
	if got := found(write(a)); !strings.Contains(got, "run b, and the history has no entry of it: entry 2 was deleted") {
		t.Errorf("the newest entry is gone: %s", got)
	}
	other := a
	other.Run.Seed = 1
	if got := found(write(other, b)); !strings.Contains(got, "b/record.json says that another entry was before entry 2") {
		t.Errorf("written anew: %s", got)
	}
	whole := write(a, b)
	kept("a", `{"run":{"id":"a"},"history":{"entry":1,"previous":""} }`)
	if got := found(whole); !strings.Contains(got, "a/record.json is not the record that entry 1 was made of") {
		t.Errorf("another record: %s", got)
	}
	kept("b", `{"run":{"id":"b"}}`)
	if got := found(whole); !strings.Contains(got, "b/record.json is not the record that entry 2 was made of") {
		t.Errorf("its place was taken out: %s", got)
	}
	kept("c", `no record`)
	if got := found(whole); !strings.Contains(got, "A record was not held against the history: ") {
		t.Errorf("no record: %s", got)
	}
}
