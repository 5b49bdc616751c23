package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
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
	withdrawn(t, plan.Dir)
}

// withdrawn checks that no report is there which machines would take for the verdict of a run that failed.
func withdrawn(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{reports.JUnitFile, reports.MetricsFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want it gone", name, err)
		}
	}
}

// Nor is one there when the run cannot be sealed.
func TestSealFails(t *testing.T) {
	dir := t.TempDir()
	record := reports.Record{Schema: reports.Schema, Run: reports.Run{ID: "run-1"}}
	if err := reports.WriteAll(dir, record); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, attest.ManifestFile, "in-the-way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := seal(t.Context(), dir, record, nil); err == nil {
		t.Error("no error")
	}
	withdrawn(t, dir)
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
