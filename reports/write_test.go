package reports

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var sampleDir = flag.String("sample", "", "the folder into which a sample of every report is written")

func TestWriteAllWritesEveryReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	for range 2 { // the second time it replaces
		if err := WriteAll(dir, showcase()); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{
		JUnitFile, MetricsFile, RecordFile, HTMLFile, MarkdownFile, PDFFile,
		"incident-corrupt-json.md", "incident-odd-characters.md", "incident-postgres-kill.md", "incident-postgres-volume-loss-dump.md",
		"incident-redis-kill.md", "incident-worker-kill.md",
	}
	if len(names) != len(want) {
		t.Fatalf("files %q, want %q and no temporary ones", names, want)
	}
	for _, name := range want {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, empty or not there", name, err)
		}
	}
}

func TestWriteAllKeepsTheEarlierFileWhenARendererFails(t *testing.T) {
	dir := t.TempDir()
	if err := WriteAll(dir, showcase()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, RecordFile))
	if err != nil {
		t.Fatal(err)
	}
	broken := showcase()
	broken.Drills[0].RTO.TargetSeconds = math.NaN() // JSON has no such number
	if err := WriteAll(dir, broken); err == nil {
		t.Fatal("a record that JSON cannot hold was written")
	}
	after, err := os.ReadFile(filepath.Join(dir, RecordFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the earlier record was not kept")
	}
}

// Machines read these files alone: they must not say met of a run whose reports are not all there.
func TestWriteAllWritesVerdictsLast(t *testing.T) {
	for _, name := range []string{RecordFile, MarkdownFile, HTMLFile, PDFFile, MetricsFile, "incident-redis-kill.md"} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, name, "in-the-way"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := WriteAll(dir, showcase()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s could not be written, and the error is %v", name, err)
		}
		for _, verdict := range VerdictFiles {
			if info, err := os.Stat(filepath.Join(dir, verdict)); err == nil && info.Mode().IsRegular() {
				t.Errorf("%s could not be written, and %s was", name, verdict)
			}
		}
	}
}

func TestWriteAllSaysWhereItFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(file, showcase()); err == nil {
		t.Fatal("reports were written into a file")
	}
}

// TestWriteSample writes a report to look at: go test ./reports -run Sample -sample DIR.
func TestWriteSample(t *testing.T) {
	if *sampleDir == "" {
		t.Skip("no -sample folder was given")
	}
	if err := WriteAll(*sampleDir, showcase()); err != nil {
		t.Fatal(err)
	}
}
