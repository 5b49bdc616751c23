package drills

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/redact"
	"github.com/cogitator-ai/drdrill/reports"
)

func TestKeeper(t *testing.T) {
	k := &keeper{root: t.TempDir(), folder: filepath.Join("evidence", "redis-kill"), redact: redact.NewStream([]string{"hunter2"}).Text}
	away := errors.New("away")
	k.keep("whole.log", []byte("password=hunter2\nhunter2hunter2\n"), nil)
	k.keep("lost.log", []byte("a part of it"), away)
	k.keep("empty.log", nil, nil)
	var paths []string
	for _, kept := range k.kept {
		content, err := os.ReadFile(filepath.Join(k.root, filepath.FromSlash(kept.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); kept.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the digest is %s, the file's %x", kept.Path, kept.SHA256, sum)
		}
		if bytes.Contains(content, []byte("hunter2")) {
			t.Errorf("%s tells a secret: %s", kept.Path, content)
		}
		paths = append(paths, kept.Path)
	}
	if want := []string{"evidence/redis-kill/whole.log", "evidence/redis-kill/empty.log"}; !slices.Equal(paths, want) {
		t.Errorf("kept %v, want %v", paths, want)
	}
	if len(k.errs) != 1 || !errors.Is(k.errs[0], away) || !strings.Contains(k.errs[0].Error(), "lost.log") {
		t.Errorf("errors %v", k.errs)
	}
}

// A folder that cannot be written to is an error that names every file, and leaves nothing in the record.
func TestKeeperCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := rehearsed(t)
	r.setting.Dir = file
	kept, err := r.keepEvidence(t.Context())
	if len(kept) > 0 || err == nil {
		t.Fatalf("kept %v, error %v", kept, err)
	}
	for _, name := range []string{"ledger.csv", "probe.csv", "readback.csv", "positions.csv", "transcript.log", "versions.json"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestKeepEvidence(t *testing.T) {
	for repetition, folder := range map[int]string{1: "evidence/redis-volume-loss/", 2: "evidence/redis-volume-loss/2/"} {
		r := rehearsed(t)
		r.setting.Repetition = repetition
		r.watch.Observe(recovery.Observation{Asked: ms(1), Answered: ms(2)})
		r.watch.Observe(recovery.Observation{Asked: ms(3), Answered: ms(4), Err: errors.New(`no "answer"`)})
		if _, err := r.log.Write([]byte("==> restore\n")); err != nil {
			t.Fatal(err)
		}
		kept, err := r.keepEvidence(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range kept {
			names = append(names, strings.TrimPrefix(e.Path, folder))
		}
		if want := []string{"ledger.csv", "probe.csv", "readback.csv", "positions.csv", "transcript.log", "versions.json"}; !slices.Equal(names, want) {
			t.Fatalf("repetition %d: kept %v, want %v in %s", repetition, kept, want, folder)
		}
		read := func(e reports.Evidence) string {
			content, err := os.ReadFile(filepath.Join(r.setting.Dir, filepath.FromSlash(e.Path)))
			if err != nil {
				t.Fatal(err)
			}
			return string(content)
		}
		if ledger := read(kept[0]); strings.Count(ledger, "\n") != 1+5*200 || !strings.Contains(ledger, "audit,199,acknowledged,") {
			t.Errorf("the ledger has %d lines", strings.Count(ledger, "\n"))
		}
		if probe := read(kept[1]); probe != "asked_ns,answered_ns,error\n1000000,2000000,\n3000000,4000000,\"no \\\"answer\\\"\"\n" {
			t.Errorf("the probe's answers are %q", probe)
		}
		if rows := read(kept[2]); strings.Count(rows, "\n") != 1+5*200 || !strings.Contains(rows, "audit,199,00000000000000c7\n") {
			t.Errorf("what was read back has %d lines", strings.Count(rows, "\n"))
		}
		if transcript := read(kept[4]); transcript != "==> restore\n" {
			t.Errorf("the transcript is %q", transcript)
		}
		var versions struct{ Drill struct{ Name string } }
		if err := json.Unmarshal([]byte(read(kept[5])), &versions); err != nil || versions.Drill.Name != "redis-volume-loss" {
			t.Errorf("the drill is %+v, %v", versions, err)
		}
	}
}
