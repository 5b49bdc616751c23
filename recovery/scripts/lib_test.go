package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// answer is what a piece of bash said and how it ended.
type answer struct {
	out, err string
	code     int
}

// bash runs a piece of bash after the library, with a backup folder of the test's own.
func bash(t *testing.T, body string, env ...string) answer {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed")
	}
	return run(t, []string{"bash", "-c", "set -euo pipefail\n. ./lib.sh\n" + body}, env...)
}

func run(t *testing.T, command []string, env ...string) answer {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return answer{out.String(), complaints.String(), cmd.ProcessState.ExitCode()}
}

func (a answer) want(t *testing.T, code int, out, complaint string) {
	t.Helper()
	if a.code != code || !strings.Contains(a.out, out) || !strings.Contains(a.err, complaint) {
		t.Errorf("exit code %d, said %q and complained %q; want %d, %q and %q", a.code, a.out, a.err, code, out, complaint)
	}
}

// makeBackup publishes a backup of kind redis and returns its folder.
func makeBackup(t *testing.T, root string) string {
	t.Helper()
	// How quickly the disk syncs is not under test.
	got := bash(t, `sync() { true; }; begin_backup redis; echo data > "$WORK/dump.rdb"; publish_backup redis '{"snapshotAt": "2026-01-02T03:04:05.678901Z"}'`, "BACKUP_DIR="+root)
	got.want(t, 0, "fact snapshot_at 2026-01-02T03:04:05.678901Z\n", "")
	name, _, _ := strings.Cut(strings.TrimPrefix(got.out, "fact backup "), "\n")
	return filepath.Join(root, "redis", name)
}

// age gives a backup an older name: its age is what its name says.
func age(t *testing.T, dir, stamp string) string {
	t.Helper()
	old := filepath.Join(filepath.Dir(dir), "redis-"+stamp)
	if err := os.Rename(dir, old); err != nil {
		t.Fatal(err)
	}
	return old
}

func TestVerifyBackup(t *testing.T) {
	overwrite := func(file, text string) func(dir string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600) }
	}
	remove := func(file string) func(dir string) error {
		return func(dir string) error { return os.Remove(filepath.Join(dir, file)) }
	}
	for name, test := range map[string]struct {
		damage    func(dir string) error
		complaint string
	}{
		"sound":                {func(string) error { return nil }, ""},
		"byte flipped":         {overwrite("dump.rdb", "dAta\n"), "checksum of dump.rdb: FAILED"},
		"cut short":            {overwrite("dump.rdb", "dat"), "checksum of dump.rdb: FAILED"},
		"emptied":              {overwrite("dump.rdb", ""), "checksum of dump.rdb: FAILED"},
		"object gone":          {remove("dump.rdb"), "checksum of dump.rdb: FAILED open or read"},
		"checksums gone":       {remove("SHA256SUMS"), "SHA256SUMS is missing or empty"},
		"checksums emptied":    {overwrite("SHA256SUMS", ""), "SHA256SUMS is missing or empty"},
		"checksums of nothing": {overwrite("SHA256SUMS", "\n"), "dump.rdb has no checksum"},
		"manifest gone":        {remove("manifest.json"), "manifest.json is missing or damaged"},
		"manifest cut short":   {overwrite("manifest.json", `{"objects`), "manifest.json is missing or damaged"},
		"manifest of nothing":  {overwrite("manifest.json", `{"objects": {}}`), "manifest.json is missing or damaged"},
		"manifest changed":     {overwrite("manifest.json", `{"objects": {"dump.rdb": {}}}`), "checksum of manifest.json: FAILED"},
		"gone":                 {os.RemoveAll, "there is no such backup"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := makeBackup(t, t.TempDir())
			if err := test.damage(dir); err != nil {
				t.Fatal(err)
			}
			got := bash(t, `if verify_backup "$DIR"; then echo sound; else echo refused; fi`, "DIR="+dir)
			if test.complaint == "" {
				got.want(t, 0, "sound", "")
				return
			}
			got.want(t, 0, "refused", "refused "+filepath.Base(dir)+": "+test.complaint)
		})
	}
}

func TestNewestVerifiedBackupIsChosen(t *testing.T) {
	root := t.TempDir()
	older := age(t, makeBackup(t, root), "20260101T000000.000000Z")
	newer := age(t, makeBackup(t, root), "20260102T000000.000000Z")
	choose := func(name string) answer {
		return bash(t, `choose_backup redis "$NAME"; echo "$CHOSEN"`, "BACKUP_DIR="+root, "NAME="+name)
	}
	choose("latest").want(t, 0, "fact restored_backup "+filepath.Base(newer)+"\nfact snapshot_at 2026-01-02T03:04:05.678901Z\n"+newer+"\n", "")
	choose(filepath.Base(older)).want(t, 0, older, "")

	if err := os.Truncate(filepath.Join(newer, "dump.rdb"), 2); err != nil {
		t.Fatal(err)
	}
	choose("latest").want(t, 0, "fact restored_backup "+filepath.Base(older)+"\n", "refused "+filepath.Base(newer)+":")
	choose(filepath.Base(newer)).want(t, 70, "", "next: name another: "+filepath.Base(older)+"\n")
	choose("../redis/"+filepath.Base(older)).want(t, 70, "", "is a path")
	choose("nope").want(t, 70, "", "there is no such backup")

	if err := os.Remove(filepath.Join(older, "SHA256SUMS")); err != nil {
		t.Fatal(err)
	}
	choose("latest").want(t, 70, "", "no backup in "+root+"/redis verifies")
}

func TestUnfinishedBackupLeavesNothing(t *testing.T) {
	for name, body := range map[string]string{
		"failed":     `begin_backup redis; echo half > "$WORK/dump.rdb"; fail "no more" "nothing"`,
		"terminated": `begin_backup redis; echo half > "$WORK/dump.rdb"; kill -TERM $$; sleep 1`,
		"killed": `( begin_backup redis; echo half > "$WORK/dump.rdb"; kill -KILL $BASHPID ) || true
			( begin_backup redis; rm -r "$WORK" )`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			bash(t, body, "BACKUP_DIR="+root)
			left, err := os.ReadDir(filepath.Join(root, "redis"))
			if err != nil {
				t.Fatal(err)
			}
			if len(left) != 1 || left[0].Name() != ".lock" {
				t.Errorf("left behind: %v, want the lock alone", left)
			}
		})
	}
}

func TestOneBackupOfAKindAtATime(t *testing.T) {
	got := bash(t, `begin_backup redis; bash -c '. ./lib.sh; begin_backup redis' || echo "code $?"`, "BACKUP_DIR="+t.TempDir())
	got.want(t, 0, "code 70", "another backup of redis is running")
}

func TestBackupIsForItsOwnerAlone(t *testing.T) {
	info, err := os.Stat(filepath.Join(makeBackup(t, t.TempDir()), "dump.rdb"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, want 0600", info.Mode())
	}
}

func TestExpireBackups(t *testing.T) {
	const ancient, old = "20200101T000000.000000Z", "20200102T000000.000000Z"
	for name, test := range map[string]struct {
		damageNewest bool
		want         []string
	}{
		"the newest stays, however old":     {false, []string{"redis-" + old}},
		"a damaged one keeps no place warm": {true, []string{"redis-" + ancient}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			age(t, makeBackup(t, root), ancient)
			newest := age(t, makeBackup(t, root), old)
			if test.damageNewest {
				if err := os.WriteFile(filepath.Join(newest, "dump.rdb"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			bash(t, `expire_backups redis`, "BACKUP_DIR="+root, "RETENTION_DAYS=30").want(t, 0, "removed ", "")
			wantBackups(t, root, test.want)
		})
	}
	t.Run("young ones stay", func(t *testing.T) {
		t.Parallel()
		root := t.TempDir()
		want := []string{filepath.Base(makeBackup(t, root)), filepath.Base(makeBackup(t, root))}
		bash(t, `expire_backups redis`, "BACKUP_DIR="+root, "RETENTION_DAYS=30").want(t, 0, "", "")
		wantBackups(t, root, want)
	})
	t.Run("nothing goes where nothing verifies", func(t *testing.T) {
		t.Parallel()
		root := t.TempDir()
		dir := age(t, makeBackup(t, root), old)
		if err := os.Remove(filepath.Join(dir, "SHA256SUMS")); err != nil {
			t.Fatal(err)
		}
		bash(t, `expire_backups redis`, "BACKUP_DIR="+root).want(t, 70, "", "nothing was removed")
		wantBackups(t, root, []string{"redis-" + old})
	})
}

func wantBackups(t *testing.T, root string, want []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "redis", "redis-*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	if !slices.Equal(found, want) {
		t.Errorf("backups are %q, want %q", found, want)
	}
}

func TestStepsAndFacts(t *testing.T) {
	got := bash(t, `step "restore the dump" 30; step "look around"; fact backup x-1`)
	if want := "==> restore the dump (deadline 30s)\n==> look around\nfact backup x-1\n"; got.out != want {
		t.Errorf("said %q, want %q", got.out, want)
	}
}

func TestFailuresSayWhatAndWhatNext(t *testing.T) {
	bash(t, `require_env HERE GONE EMPTY`, "HERE=1", "EMPTY=").want(t, 64, "", "missing: GONE is not set (README.md lists the environment variables)\nmissing: EMPTY is not set")
	bash(t, `fail "the disk is full" "make room"`).want(t, 70, "", "failed: the disk is full\nnext: make room\n")
	bash(t, `false; echo went on`).want(t, 1, "", "line 3: a command ended with exit code 1")
	// What has been said once is not said again by the shells around it.
	if got := bash(t, `x=$(fail one two)`); got.code != 70 || got.err != "failed: one\nnext: two\n" {
		t.Errorf("exit code %d, complained %q", got.code, got.err)
	}
}

func TestWaitUntil(t *testing.T) {
	dir := t.TempDir()
	bash(t, `{ sleep 0.2; touch "$DIR/here"; } & wait_until 10 test -e "$DIR/here" && echo "came"`, "DIR="+dir).want(t, 0, "came", "")
	began := time.Now()
	bash(t, `wait_until 1 false || echo "gave up"`).want(t, 0, "gave up", "")
	if took := time.Since(began); took < time.Second || took > 5*time.Second {
		t.Errorf("gave up after %s, want 1 s", took)
	}
}

// Words and data must arrive unharmed, whatever is between here and the host.
func TestOnHost(t *testing.T) {
	body := `there() { step "work there"; printf '%s|' "$@"; cat; [[ $1 != bad ]] || fail "it broke" "mend it"; }
		printf 'exit\n\x00\xff echo not me' | on_host "$HOST" there "$FIRST" 'two words' '$HOME "; ls'`
	const want = "==> work there\n%|two words|$HOME \"; ls|exit\n\x00\xff echo not me"
	for _, host := range []string{"", "env"} {
		bash(t, body, "HOST="+host, "FIRST=%").want(t, 0, want, "")
	}
	bash(t, body, "HOST=env", "FIRST=bad").want(t, 70, "bad|", "failed: it broke\nnext: mend it")
}
