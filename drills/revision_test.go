package drills

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

func TestBuiltFrom(t *testing.T) {
	for _, tt := range []struct {
		info *debug.BuildInfo
		want reports.Revision
	}{
		{nil, reports.Revision{Absent: "drdrill was not built in a git work tree"}},
		{&debug.BuildInfo{}, reports.Revision{Absent: "drdrill was not built in a git work tree"}},
		{&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "c0ffee"}, {Key: "vcs.modified", Value: "false"}}},
			reports.Revision{Commit: "c0ffee"}},
		{&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "c0ffee"}, {Key: "vcs.modified", Value: "true"}}},
			reports.Revision{Commit: "c0ffee", Dirty: true}},
	} {
		if got := builtFrom(tt.info); got != tt.want {
			t.Errorf("%+v: %+v, want %+v", tt.info, got, tt.want)
		}
	}
}

// repository makes a git work tree with a folder of scripts, and returns that folder.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	top := t.TempDir()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	folder := filepath.Join(top, "scripts")
	put(t, folder, "restart-redis.sh", "one")
	put(t, top, ".gitignore", "*.local\n")
	runGit(t, top, "init", "--quiet")
	runGit(t, top, "add", ".")
	runGit(t, top, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", "scripts")
	return folder
}

func runGit(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestRevisionsOfFolder(t *testing.T) {
	folder := repository(t)
	commit := runGit(t, folder, "rev-parse", "HEAD")
	check := func(what string, dirty bool) {
		t.Helper()
		if got := Revisions(t.Context(), folder).Folder; got == nil || *got != (reports.Revision{Commit: commit, Dirty: dirty}) {
			t.Errorf("%s: %+v, want %s and dirty %t", what, got, commit, dirty)
		}
	}
	check("as committed", false)
	put(t, filepath.Dir(folder), "notes.txt", "elsewhere")
	check("a change beside the folder", false)
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "nowhere"))
	check("an environment that speaks of another repository", false)
	put(t, folder, "helper.local", "ignored, and taken all the same")
	check("a file that git ignores", true)
	if err := os.Remove(filepath.Join(folder, "helper.local")); err != nil {
		t.Fatal(err)
	}
	put(t, folder, "new.sh", "untracked")
	check("a file that git does not know", true)
	if err := os.Remove(filepath.Join(folder, "new.sh")); err != nil {
		t.Fatal(err)
	}
	put(t, folder, "restart-redis.sh", "two")
	check("a change", true)
}

func TestRevisionsAbsent(t *testing.T) {
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	if got := Revisions(t.Context(), ""); got.Folder != nil || got.Own.Absent == "" {
		t.Errorf("no folder, and a test that no commit was built into: %+v", got)
	}
	got := Revisions(t.Context(), t.TempDir()).Folder
	if got == nil || got.Commit != "" || !strings.Contains(got.Absent, "not a git repository") {
		t.Errorf("a folder that git does not know: %+v", got)
	}
	t.Setenv("PATH", t.TempDir())
	if got := Revisions(t.Context(), t.TempDir()).Folder; got == nil || !strings.Contains(got.Absent, "not found") {
		t.Errorf("a machine without git: %+v", got)
	}
}
