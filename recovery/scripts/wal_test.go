package scripts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	segment = 1 << 14 // bytes; PostgreSQL's are larger
	newest  = "000000010000000000000003"
	// metEnd is what the reader says of a log that ends at 256 bytes into its newest segment.
	metEnd = `WAL statistics between 0/8028 and 0/C100:\npg_waldump: error: error in WAL record at 0/C0C8: invalid record length at 0/C100: expected at least 24, got 0\n`
	// metPage is what it says of a log that ends with a record which goes on in a page that is not there.
	metPage = `WAL statistics between 0/8028 and 0/C100:\npg_waldump: error: error in WAL record at 0/C0C8: invalid magic number 0000 in WAL segment 000000010000000000000003, LSN 0/E000, offset 8192\n`
)

// The log ends where nothing was written yet. A reader that stops anywhere else has met damage.
func TestDamageIsNeverTakenForTheEndOfTheLog(t *testing.T) {
	for name, test := range map[string]struct {
		said      string
		written   int // bytes of the newest segment
		at        int // which one more is written at; -1 for none
		complaint string
	}{
		"ends":                  {metEnd, 256, -1, ""},
		"goes on":               {metEnd, 264, -1, "failed: the streamed log is damaged at 0/C100: invalid record length at 0/C100: expected at least 24, got 0\n"},
		"goes on far away":      {metEnd, 256, segment - 1, "the streamed log is damaged at 0/C100"},
		"cut off at a page":     {metPage, 8192, -1, ""},
		"cut off within a page": {metPage, 4096, -1, "the streamed log is damaged at 0/C100"},
		"a page is missing":     {metPage, 8192, segment - 1, "the streamed log is damaged at 0/C100"},
		"a wrong checksum": {"WAL statistics between 0/8028 and 0/C0C8:\\npg_waldump: error: error in WAL record at 0/C0A0: incorrect resource manager data checksum in record at 0/C0C8\\n",
			256, -1, "the streamed log is damaged at 0/C0C8: incorrect resource manager data checksum in record at 0/C0C8\nnext: bring that segment back from a copy. Up to 0/C0A0 it is whole"},
		"a missing segment after": {"WAL statistics between 0/8028 and 0/8100:\\npg_waldump: error: error in WAL record at 0/80C8: invalid record length at 0/8100: expected at least 24, got 0\\n",
			256, -1, "the streamed log is damaged at 0/8100"},
		"no first record": {"pg_waldump: error: could not find a valid record after 0/8028\\n", 256, -1, "the streamed log cannot be read from 0/8028 on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			text := make([]byte, segment)
			copy(text, strings.Repeat("x", test.written))
			if test.at >= 0 {
				text[test.at] = '\n'
			}
			write(t, filepath.Join(dir, newest), string(text))
			got := bash(t, `pg_waldump() { printf "$SAID"; return 1; }; TIMELINE=00000001 LAST=$NEWEST; last_record "$DIR" 0/8028`, "DIR="+dir, "SAID="+test.said, "NEWEST="+newest)
			if test.complaint == "" {
				got.want(t, 0, "0/C0C8\n", "")
			} else {
				got.want(t, 70, "", test.complaint)
			}
		})
	}
}

// What the oldest base backup needs that is kept stays, wherever that is kept; and so do the histories of timelines.
func TestOldLogIsRemoved(t *testing.T) {
	root, log := t.TempDir(), t.TempDir()
	base := func(stamp, segment string) string {
		bash(t, `sync() { true; }; stamp() { echo "$STAMP_NOW"; }; begin_backup postgres-base; echo data > "$WORK/base.tar.zst"
			publish_backup postgres-base "{\"snapshotAt\": \"2026-01-01T00:00:00Z\", \"startSegment\": \"$SEGMENT\"}"`,
			"BACKUP_DIR="+root, "STAMP_NOW="+stamp, "SEGMENT="+segment).want(t, 0, "fact backup", "")
		return filepath.Join(root, "postgres-base", "postgres-base-"+stamp)
	}
	refused := base("20260101T000000.000000Z", "000000010000000000000002")
	write(t, filepath.Join(refused, "manifest.json"), "")
	base("20260102T000000.000000Z", "000000010000000000000004")
	base("20260103T000000.000000Z", "000000020000000000000006")
	all := []string{
		"000000010000000000000002", "000000010000000000000003", "000000010000000000000004", "000000010000000000000005.partial",
		"00000002.history", "000000020000000000000003.partial", "000000020000000000000005", "000000020000000000000006.partial",
	}
	for _, name := range all {
		write(t, filepath.Join(log, name), "")
	}
	bash(t, `remove_log "$LOG" 000000010000000000000004 1`, "LOG="+log).want(t, 0, "removed 0 segments", "")
	bash(t, `oldest=$(oldest_segment); remove_log "$LOG" "$oldest" 0`, "BACKUP_DIR="+root, "LOG="+log).
		want(t, 0, "removed 3 segments before 000000010000000000000004\n", "refused "+filepath.Base(refused))
	left, err := os.ReadDir(log)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	if want := slices.Concat(all[2:5], all[6:]); !slices.Equal(names, want) {
		t.Errorf("left %q, want %q", names, want)
	}
}
