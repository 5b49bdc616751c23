package drills

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
)

// A script that is tried against an obstacle has to fail, and to leave the backups as they were.
func TestTrialOutcome(t *testing.T) {
	before := fixtures.Stored{"operator:redis/redis-1/dump.rdb": {SHA256: "a1"}, "operator:redis/redis-1/manifest.json": {SHA256: "b1"}}
	failed := runbook.Transcript{Steps: []runbook.Step{{Name: "write a snapshot"}, {Name: "upload it", Output: "3 files\nfailed: the store refuses\nnext: see its log\n"}}, ExitCode: 70}
	for _, tt := range []struct {
		name     string
		script   func(*runbook.Transcript)
		after    fixtures.Stored // beside what was there; nothing of it means gone
		none     bool            // there was no backup before
		violated bool
		says     string
	}{
		{name: "fails well", says: `step "upload it" ended with exit code 70, saying "the store refuses"; all 2 files`},
		{name: "fails in its own words", script: func(s *runbook.Transcript) { s.Steps = []runbook.Step{{Output: "curl: (7)\n\n"}} }, says: `saying "curl: (7)"`},
		{name: "fails in silence", script: func(s *runbook.Transcript) { s.Steps = []runbook.Step{{Output: "\n"}} }, violated: true, says: "did not say why"},
		{name: "a whole backup is on the disk though the upload failed", after: fixtures.Stored{
			"operator:redis/redis-2/dump.rdb": {SHA256: "a2"}, "operator:redis/redis-2/manifest.json": {SHA256: "b2"},
		}, says: "as before"},
		{name: "succeeds", script: func(s *runbook.Transcript) { s.ExitCode = 0 }, violated: true, says: "exit code 0"},
		{name: "hangs", script: func(s *runbook.Transcript) { s.Err = runbook.ErrDeadline }, violated: true, says: "hung"},
		{name: "could not be watched", script: func(s *runbook.Transcript) { s.Err = runbook.ErrStuck }, says: "still running"},
		{name: "nothing to spoil", none: true, says: "no backup before"},
		{name: "a backup is gone", after: fixtures.Stored{"operator:redis/redis-1/dump.rdb": {}}, violated: true, says: "redis-1/dump.rdb is gone or changed"},
		{name: "a backup is changed", after: fixtures.Stored{"operator:redis/redis-1/manifest.json": {SHA256: "c3"}}, violated: true, says: "redis-1/manifest.json is gone or changed"},
		{name: "a backup may be read by everybody", after: fixtures.Stored{"operator:redis/redis-1/dump.rdb": {SHA256: "a1", Mode: "644"}}, violated: true, says: "redis-1/dump.rdb is gone or changed"},
		{name: "half a backup", after: fixtures.Stored{"store:redis/redis-2/dump.rdb": {SHA256: "a2"}}, violated: true, says: "half a backup: store:redis/redis-2/dump.rdb"},
	} {
		script, was, after := failed, maps.Clone(before), maps.Clone(before)
		if tt.none {
			clear(was)
		}
		if tt.script != nil {
			tt.script(&script)
		}
		for file, is := range tt.after {
			if after[file] = is; is == (fixtures.StoredFile{}) {
				delete(after, file)
			}
		}
		detail, err := trialOutcome(script, was, after)
		if errors.Is(err, ErrViolated) != tt.violated {
			t.Errorf("%s: %v, want a finding: %t", tt.name, err, tt.violated)
		}
		said := detail
		if err != nil {
			said = err.Error()
		}
		if !strings.Contains(said, tt.says) {
			t.Errorf("%s: %q, want %q", tt.name, said, tt.says)
		}
	}
}
