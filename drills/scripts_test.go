package drills

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cogitator-ai/drdrill/recovery/scripts"
)

func TestCheckScripts(t *testing.T) {
	script := &fstest.MapFile{Data: []byte("#!/bin/bash\n"), Mode: 0o755}
	for _, tt := range []struct {
		name     string
		folder   fs.FS
		replaced []string // none: it is refused
	}{
		{"one", fstest.MapFS{"restart-redis.sh": script}, []string{"restart-redis.sh"}},
		{"some, in a fixed order, and others", fstest.MapFS{"restore-redis.sh": script, "notes.txt": script, "backup-redis.sh": script},
			[]string{"backup-redis.sh", "restore-redis.sh"}},
		{"the library alone", fstest.MapFS{scripts.Library: script}, nil},
		{"none of the names", fstest.MapFS{"restart-mysql.sh": script}, nil},
		{"a name in a folder of the folder", fstest.MapFS{"prod/restart-redis.sh": script}, nil},
		{"nothing", fstest.MapFS{}, nil},
		{"a folder that is not there", os.DirFS(filepath.Join(t.TempDir(), "gone")), nil},
	} {
		replaced, err := CheckScripts(tt.folder)
		var usage UsageError
		if !slices.Equal(replaced, tt.replaced) || errors.As(err, &usage) != (tt.replaced == nil) {
			t.Errorf("%s: %v, %v; want %v", tt.name, replaced, err, tt.replaced)
		}
		if err != nil && (!strings.Contains(err.Error(), "restart-redis.sh") || strings.Contains(err.Error(), scripts.Library)) {
			t.Errorf("%s: %q does not name what could be replaced", tt.name, err)
		}
	}
}

func TestScriptFiles(t *testing.T) {
	own, _, err := scriptFiles(nil)
	if err != nil {
		t.Fatal(err)
	}
	files, used, err := scriptFiles(fstest.MapFS{
		"restart-redis.sh":    {Data: []byte("mine"), Mode: 0o755},
		"restart-postgres.sh": {Data: []byte("not executable"), Mode: 0o644},
		"restore-redis.sh":    {Data: []byte("the owner's alone"), Mode: 0o500},
		"helpers/common.bash": {Data: []byte("taken along"), Mode: 0o644},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		content string
		mode    int64
		custom  bool
	}{
		{"restart-redis.sh", "mine", 0o755, true},
		{"restart-postgres.sh", "not executable", 0o644, true},
		{"restore-redis.sh", "the owner's alone", 0o755, true},
		{"helpers/common.bash", "taken along", 0o644, true},
		{"restart-worker.sh", string(own["restart-worker.sh"].Content), 0o755, false},
		{scripts.Library, string(own[scripts.Library].Content), 0o755, false},
	} {
		file, there := files[tt.name]
		sum := sha256.Sum256(file.Content)
		if !there || string(file.Content) != tt.content || file.Mode != tt.mode || len(file.Content) == 0 {
			t.Errorf("%s is %q with mode %o, want %q with %o", tt.name, file.Content, file.Mode, tt.content, tt.mode)
		}
		if is := used[tt.name]; is.Custom != tt.custom || is.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is recorded as %+v", tt.name, is)
		}
	}
	if len(files) != len(own)+1 || len(used) != len(files) {
		t.Errorf("%d files, %d recorded; want drdrill's %d and one more", len(files), len(used), len(own))
	}
}

func TestScriptFilesRefused(t *testing.T) {
	unreadable := fstest.MapFS{"restart-redis.sh": {Mode: 0o755}, "helper": {Mode: fs.ModeSymlink, Data: []byte("gone")}}
	for name, folder := range map[string]fs.FS{"none of the names": fstest.MapFS{}, "a link to nowhere": unreadable} {
		var usage UsageError
		if _, _, err := scriptFiles(folder); !errors.As(err, &usage) {
			t.Errorf("%s: error %v is none of usage", name, err)
		}
	}
}

// Mounted configuration is made of links: what they lead to counts, mode bits included.
func TestScriptFilesFollowLinks(t *testing.T) {
	folder := t.TempDir()
	if err := errors.Join(
		os.Mkdir(filepath.Join(folder, "..data_1"), 0o755),
		os.WriteFile(filepath.Join(folder, "..data_1", "restart-redis.sh"), []byte("mine"), 0o644),
		os.Symlink("..data_1", filepath.Join(folder, "..data")),
		os.Symlink(filepath.Join("..data_1", "restart-redis.sh"), filepath.Join(folder, "restart-redis.sh")),
	); err != nil {
		t.Fatal(err)
	}
	files, _, err := scriptFiles(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if file := files["restart-redis.sh"]; string(file.Content) != "mine" || file.Mode != plain {
		t.Errorf("it is %q with mode %o, want what the link leads to, not executable", file.Content, file.Mode)
	}
}
