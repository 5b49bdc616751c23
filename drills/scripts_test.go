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

	"golang.org/x/sys/unix"

	"github.com/cogitator-ai/drdrill/recovery/scripts"
)

func TestReplacedScripts(t *testing.T) {
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
		set, err := ReadScripts(tt.folder)
		var usage UsageError
		if !slices.Equal(set.Replaced, tt.replaced) || errors.As(err, &usage) != (tt.replaced == nil) {
			t.Errorf("%s: %v, %v; want %v", tt.name, set.Replaced, err, tt.replaced)
		}
		if err != nil && (!strings.Contains(err.Error(), "restart-redis.sh") || strings.Contains(err.Error(), scripts.Library)) {
			t.Errorf("%s: %q does not name what could be replaced", tt.name, err)
		}
	}
}

func TestReadScripts(t *testing.T) {
	shipped, err := ReadScripts(nil)
	if err != nil || len(shipped.Replaced) > 0 || len(shipped.LeftOut) > 0 {
		t.Fatalf("%v, replaced %v, left out %v", err, shipped.Replaced, shipped.LeftOut)
	}
	own := shipped.files
	set, err := ReadScripts(fstest.MapFS{
		"restart-redis.sh":    {Data: []byte("mine"), Mode: 0o755},
		"restart-postgres.sh": {Data: []byte("not executable"), Mode: 0o644},
		"restore-redis.sh":    {Data: []byte("the owner's alone"), Mode: 0o500},
		"helpers/common.bash": {Data: []byte("taken along"), Mode: 0o644},
		".git/config":         {Data: []byte("url = https://me:password@example.org"), Mode: 0o644},
		"helpers/.git":        {Data: []byte("gitdir: elsewhere"), Mode: 0o644},
	})
	if err != nil || len(set.LeftOut) > 0 {
		t.Fatalf("%v, left out %v", err, set.LeftOut)
	}
	files, used := set.files, set.used
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

func TestScriptsRefused(t *testing.T) {
	script := &fstest.MapFile{Data: []byte("#!/bin/bash\n"), Mode: 0o755}
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: 0o755} }
	for _, tt := range []struct {
		name   string
		folder fstest.MapFS
		says   string
	}{
		{"a name that is a folder", fstest.MapFS{"restart-redis.sh": script, "restore-redis.sh/run": script}, "restore-redis.sh is a folder"},
		{"a name that is a folder, alone", fstest.MapFS{"restart-redis.sh/run": script}, "restart-redis.sh is a folder"},
		{"a name that leads nowhere", fstest.MapFS{"restart-redis.sh": {Mode: fs.ModeSymlink, Data: []byte("gone")}}, "restart-redis.sh is a link to nowhere"},
		{"a library that leads nowhere", fstest.MapFS{"restart-redis.sh": script, "lib.sh": {Mode: fs.ModeSymlink, Data: []byte("gone")}}, "lib.sh is a link to nowhere"},
		{"a name that is a pipe", fstest.MapFS{"restart-redis.sh": {Mode: fs.ModeNamedPipe}}, "restart-redis.sh is a named pipe"},
		{"lines that end with CR", fstest.MapFS{"restart-redis.sh": text("#!/bin/bash\r\ntrue\r\n")}, "restart-redis.sh: line 1 ends with CR"},
		{"one line that does", fstest.MapFS{"restart-redis.sh": text("#!/bin/bash\ntrue\nfalse\r\n")}, "restart-redis.sh: line 3 ends with CR"},
		{"a library whose lines do", fstest.MapFS{"restart-redis.sh": script, "helpers/common.bash": text("f() {\r\n}\r\n")}, "helpers/common.bash: line 1 ends with CR"},
	} {
		set, err := ReadScripts(tt.folder)
		var usage UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, %+v; want it refused since %s", tt.name, err, set.Replaced, tt.says)
		}
	}
}

// A table of a spreadsheet may have such lines, and so may what a script prints.
func TestScriptsMayHoldCR(t *testing.T) {
	for name, file := range map[string]string{"hosts.csv": "a,b\r\nc,d\r\n", "restart-redis.sh": "#!/bin/bash\nprintf 'QUIT\\r\\n'\necho '\ra'\n"} {
		folder := fstest.MapFS{"restore-redis.sh": {Data: []byte("#!/bin/bash\n")}, name: {Data: []byte(file)}}
		if set, err := ReadScripts(folder); err != nil || string(set.files[name].Content) != file {
			t.Errorf("%s: %v, %q", name, err, set.files[name].Content)
		}
	}
}

// What is no file is named and left out: a pipe that was read would be waited for without end.
func TestScriptsLeaveOut(t *testing.T) {
	folder := t.TempDir()
	if err := errors.Join(
		os.WriteFile(filepath.Join(folder, "restart-redis.sh"), []byte("mine"), 0o755),
		os.Mkdir(filepath.Join(folder, "helpers"), 0o755),
		unix.Mkfifo(filepath.Join(folder, "helpers", "queue"), 0o644),
		os.Symlink("gone", filepath.Join(folder, "lost")),
		os.Symlink("helpers", filepath.Join(folder, "more")),
		os.Symlink(filepath.Join("helpers", "queue"), filepath.Join(folder, "tail")),
	); err != nil {
		t.Fatal(err)
	}
	set, err := ReadScripts(os.DirFS(folder))
	if want := []string{"helpers/queue, a named pipe", "lost, a link to nowhere", "more, a link to a folder", "tail, a link to a named pipe"}; err != nil || !slices.Equal(set.LeftOut, want) {
		t.Errorf("left out %q, %v; want %q", set.LeftOut, err, want)
	}
	if !slices.Equal(set.Replaced, []string{"restart-redis.sh"}) || len(set.used) != len(set.files) {
		t.Errorf("replaced %v, %d files, %d recorded", set.Replaced, len(set.files), len(set.used))
	}
	for _, name := range []string{"helpers/queue", "lost", "more", "tail"} {
		if _, taken := set.files[name]; taken {
			t.Errorf("%s was taken", name)
		}
	}
}

// Mounted configuration is made of links: what they lead to counts, mode bits included.
func TestScriptsFollowLinks(t *testing.T) {
	folder := t.TempDir()
	if err := errors.Join(
		os.Mkdir(filepath.Join(folder, "..data_1"), 0o755),
		os.WriteFile(filepath.Join(folder, "..data_1", "restart-redis.sh"), []byte("mine"), 0o644),
		os.Symlink("..data_1", filepath.Join(folder, "..data")),
		os.Symlink(filepath.Join("..data_1", "restart-redis.sh"), filepath.Join(folder, "restart-redis.sh")),
	); err != nil {
		t.Fatal(err)
	}
	set, err := ReadScripts(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if file := set.files["restart-redis.sh"]; string(file.Content) != "mine" || file.Mode != plain {
		t.Errorf("it is %q with mode %o, want what the link leads to, not executable", file.Content, file.Mode)
	}
}
