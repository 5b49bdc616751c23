package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

func TestUnfinishedRunsAreTold(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{
		"20260105-091500-3fa9", "20260106-091500-3faa", "20260107-091500-3fab", "own/evidence/redis-kill", "named/evidence/redis-kill", "notes",
	} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "20260106-091500-3faa", reports.RecordFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := UnfinishedBeside(filepath.Join(dir, File), filepath.Join(dir, "own"))
	var told []string
	for _, f := range list {
		folder, _, _ := strings.Cut(f.Text, " is the folder of a run")
		told = append(told, filepath.Base(folder))
		if f.Kind != Unfinished || f.At.IsZero() || f.Grave() {
			t.Errorf("finding %+v", f)
		}
	}
	if got, want := strings.Join(told, " "), "20260105-091500-3fa9 20260107-091500-3fab named"; got != want {
		t.Errorf("told of %q, want %q", got, want)
	}
	if list := UnfinishedBeside(filepath.Join(dir, "nowhere", File), ""); list != nil {
		t.Errorf("findings %+v where there is no folder", list)
	}
}
