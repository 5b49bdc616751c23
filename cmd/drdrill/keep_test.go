package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// A history that fails when the run ends does not cost the record, which says so.
func TestKeepWithoutAHistory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "no-file")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	plan := drills.Plan{RunID: "run-1", Dir: filepath.Join(dir, "run")}
	record := reports.Record{Schema: reports.Schema, Run: reports.Run{ID: "run-1"}}
	if _, err := fakeProgram().keep(t.Context(), plan, runOptions{history: path}, &record); err == nil {
		t.Error("no error")
	}
	kept, err := readRecord(filepath.Join(plan.Dir, reports.RecordFile))
	if err != nil || kept.History != nil || len(kept.Findings) != 1 || !strings.HasPrefix(kept.Findings[0], "The run is in no history: ") {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

// A record that cannot be written is in no history.
func TestKeepWithoutARecord(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "run")
	if err := os.WriteFile(taken, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	record := reports.Record{Schema: reports.Schema, Run: reports.Run{ID: "run-1"}}
	_, err := fakeProgram().keep(t.Context(), drills.Plan{RunID: "run-1", Dir: taken}, runOptions{}, &record)
	if err == nil || !strings.Contains(err.Error(), "write the reports to "+taken) {
		t.Errorf("error %v", err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "history.jsonl")); err != nil || len(data) > 0 {
		t.Errorf("the history holds %q, %v", data, err)
	}
}
