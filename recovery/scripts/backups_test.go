package scripts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// makeBackup publishes a backup of kind redis and returns its folder.
func makeBackup(t *testing.T, root string) string {
	t.Helper()
	// How quickly the disk syncs is not under test.
	got := bash(t, `sync() { true; }; begin_backup redis; echo data > "$WORK/dump.rdb"; publish_backup redis '{"snapshotAt": "2026-01-02T03:04:05.678901Z"}'`, "BACKUP_DIR="+root)
	got.want(t, 0, "fact snapshot_at 2026-01-02T03:04:05.678901Z\n", "")
	name, _, _ := strings.Cut(strings.TrimPrefix(got.out, "fact backup "), "\n")
	return filepath.Join(root, "redis", name)
}

// dated makes a backup at another time: its age is what its name says.
func dated(t *testing.T, root, stamp, snapshotAt string) string {
	t.Helper()
	got := bash(t, `sync() { true; }; stamp() { echo "$STAMP_NOW"; }; begin_backup redis; echo data > "$WORK/dump.rdb"
		publish_backup redis "{\"snapshotAt\": \"$SNAPSHOT_AT\"}"`, "BACKUP_DIR="+root, "STAMP_NOW="+stamp, "SNAPSHOT_AT="+snapshotAt)
	got.want(t, 0, "fact backup redis-"+stamp, "")
	return filepath.Join(root, "redis", "redis-"+stamp)
}

// reseal changes the manifest of a backup with jq and gives it the right checksum.
func reseal(t *testing.T, dir, filter string) {
	t.Helper()
	bash(t, `cd "$DIR"; jq "$FILTER" manifest.json > changed; mv changed manifest.json; checksum_line manifest.json > manifest.json.sha256`,
		"DIR="+dir, "FILTER="+filter).want(t, 0, "", "")
}

func TestVerifyBackup(t *testing.T) {
	overwrite := func(file, text string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { write(t, filepath.Join(dir, file), text) }
	}
	remove := func(file string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	sealed := func(filter string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { reseal(t, dir, filter) }
	}
	sound := makeBackup(t, t.TempDir())
	for name, test := range map[string]struct {
		damage    func(t *testing.T, dir string)
		complaint string
	}{
		"sound":                  {func(*testing.T, string) {}, ""},
		"byte flipped":           {overwrite("dump.rdb", "dAta\n"), "dump.rdb does not match its checksum"},
		"cut short":              {overwrite("dump.rdb", "dat"), "dump.rdb has 3 bytes, not 5"},
		"emptied":                {overwrite("dump.rdb", ""), "dump.rdb has 0 bytes, not 5"},
		"object gone":            {remove("dump.rdb"), "dump.rdb is missing"},
		"checksum gone":          {remove("dump.rdb.sha256"), "the checksum of dump.rdb is missing"},
		"checksum emptied":       {overwrite("dump.rdb.sha256", ""), "dump.rdb does not match its checksum"},
		"manifest gone":          {remove("manifest.json"), "manifest.json is missing: the backup is incomplete"},
		"manifest cut short":     {overwrite("manifest.json", `{"objects`), "manifest.json does not match its checksum"},
		"manifest's checksum":    {remove("manifest.json.sha256"), "the checksum of manifest.json is missing"},
		"manifest of nothing":    {sealed(".objects = {}"), "it holds no objects"},
		"manifest no JSON":       {sealed(`"text"`), "manifest.json cannot be read"},
		"another object":         {sealed(`.objects["dump.rdb"].sha256 = "0"`), "dump.rdb is not the one of manifest.json"},
		"object elsewhere":       {sealed(`.objects = {"../dump.rdb": .objects["dump.rdb"]}`), "an object has an impossible name"},
		"another format":         {sealed(`.format = "tar"`), "tar is no format of backups that is known here"},
		"another kind":           {sealed(`.kind = "postgres"`), "it is a backup of postgres, not of redis"},
		"another name":           {sealed(`.name = "redis-1"`), "its manifest is that of redis-1"},
		"another system":         {sealed(`.system = "staging"`), "it is of the system staging, not of cogitator"},
		"another database":       {sealed(`.database = "billing"`), "it is of the database billing, not of cogitator"},
		"the very same database": {sealed(`.database = "cogitator"`), ""},
		"gone":                   {remove("."), "there is no such backup"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "redis", filepath.Base(sound))
			if err := os.CopyFS(dir, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			test.damage(t, dir)
			got := bash(t, `if verify_backup "$DIR"; then echo sound; else echo refused; fi`, "DIR="+dir, "PGDATABASE=cogitator")
			if test.complaint == "" {
				got.want(t, 0, "sound", "")
				return
			}
			got.want(t, 0, "refused", "refused "+filepath.Base(dir)+": "+test.complaint)
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// choose has a backup of Redis chosen.
func choose(t *testing.T, root, which string) answer {
	t.Helper()
	return bash(t, `choose_backup redis "$WHICH"; echo "$CHOSEN"`, "BACKUP_DIR="+root, "WHICH="+which)
}

func TestNewestVerifiedBackupIsChosen(t *testing.T) {
	root := t.TempDir()
	older := dated(t, root, "20260101T000000.000000Z", "2026-01-01T00:00:00.5Z")
	newer := dated(t, root, "20260102T000000.000000Z", "2026-01-02T00:00:00.5Z")
	choose(t, root, "latest-verified").want(t, 0, "fact restored_backup "+filepath.Base(newer)+"\nfact snapshot_at 2026-01-02T00:00:00.5Z\n"+newer+"\n", "")
	choose(t, root, filepath.Base(older)).want(t, 0, older, "")

	if err := os.Truncate(filepath.Join(newer, "dump.rdb"), 2); err != nil {
		t.Fatal(err)
	}
	choose(t, root, "latest-verified").want(t, 0, "fact restored_backup "+filepath.Base(older)+"\n", "refused "+filepath.Base(newer)+":")
	choose(t, root, filepath.Base(newer)).want(t, 70, "", "next: name another: "+filepath.Base(older)+"\n")
	choose(t, root, "redis-20250101T000000.000000Z").want(t, 70, "", "there is no such backup")
	for _, no := range []string{"nope", "../redis/" + filepath.Base(older), "2026-01-02T00:00:00", "2026-01-02", "yesterday", ""} {
		choose(t, root, no).want(t, 64, "", "a time with its zone")
	}

	if err := os.Remove(filepath.Join(older, "dump.rdb.sha256")); err != nil {
		t.Fatal(err)
	}
	choose(t, root, "latest-verified").want(t, 70, "", "no backup of redis in "+root+" verifies")
}

// A backup that was begun before a time, and whose snapshot is later, is too late.
func TestBackupOfATimeIsChosen(t *testing.T) {
	root := t.TempDir()
	first := dated(t, root, "20260101T120000.000000Z", "2026-01-01T12:00:01.25Z")
	second := dated(t, root, "20260101T130000.000000Z", "2026-01-01T13:00:01.25Z")
	for when, want := range map[string]string{
		"2026-01-01T12:00:01.25Z":      first,
		"2026-01-01T13:00:01.249Z":     first,
		"2026-01-01T13:00:01.25Z":      second,
		"2026-01-01T15:00:01.25+02:00": second,
		"2026-01-01T15:00:01.24+02:00": first,
		"2026-01-01 09:00:00-04:00":    first,
		"2099-01-01T00:00:00Z":         second,
	} {
		choose(t, root, when).want(t, 0, want, "")
	}
	choose(t, root, "2026-01-01T12:00:01.24Z").want(t, 70, "", "no backup of redis in "+root+" verifies and is not later than")
	if err := os.Truncate(filepath.Join(second, "manifest.json"), 2); err != nil {
		t.Fatal(err)
	}
	choose(t, root, "2099-01-01T00:00:00Z").want(t, 0, first, "refused "+filepath.Base(second)+": manifest.json does not match its checksum")
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
			dated(t, root, ancient, "2020-01-01T00:00:00Z")
			newest := dated(t, root, old, "2020-01-02T00:00:00Z")
			if test.damageNewest {
				write(t, filepath.Join(newest, "dump.rdb"), "")
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
		dir := dated(t, root, old, "2020-01-02T00:00:00Z")
		if err := os.Remove(filepath.Join(dir, "manifest.json.sha256")); err != nil {
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

// A store that keeps nothing has no backup, whatever it answered; and without its manifest there is none either.
func TestUploadIsReadBackAndEndsWithTheManifest(t *testing.T) {
	const body = `sync() { true; }
		store_put() { echo "put ${2##*/}"; }
		store_holds() { echo "read ${1##*/}"; [[ $1 != *"$LOST" ]]; }
		begin_backup redis; echo data > "$WORK/dump.rdb"; publish_backup redis '{"snapshotAt": "2026-01-02T03:04:05Z"}'`
	upload := func(t *testing.T, lost string) answer {
		return bash(t, body, "BACKUP_DIR="+t.TempDir(), "OBJECT_STORE_URL=s3://bucket", "LOST="+lost)
	}
	upload(t, "none").want(t, 0, "put dump.rdb\nread dump.rdb\nput dump.rdb.sha256\nread dump.rdb.sha256\nput manifest.json.sha256\n"+
		"read manifest.json.sha256\nput manifest.json\nread manifest.json\nfact backup redis-", "")
	for _, lost := range []string{"dump.rdb", "dump.rdb.sha256", "manifest.json"} {
		got := upload(t, lost)
		got.want(t, 70, "", "failed: the object store does not give back "+lost)
		if strings.Contains(got.out, "fact backup") || (lost != "manifest.json" && strings.Contains(got.out, "put manifest.json\n")) {
			t.Errorf("without %s there is a backup: %q", lost, got.out)
		}
	}
}
