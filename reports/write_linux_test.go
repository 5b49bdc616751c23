package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A disk that is full leaves no report that a pipeline would take for the run's verdict, wherever in writing it fills up.
func TestWriteAllOnAFullDisk(t *testing.T) {
	full, room := 0, false
	for kib := 16; kib <= 16<<10 && !room; kib += kib / 2 {
		dir := disk(t, kib)
		err := WriteAll(dir, showcase())
		_, missing := os.Stat(filepath.Join(dir, JUnitFile))
		switch {
		case err == nil:
			room = true
		case !errors.Is(err, syscall.ENOSPC):
			t.Errorf("%d KiB: %v, want that the disk is full", kib, err)
		default:
			full++
		}
		if (err == nil) != (missing == nil) {
			t.Errorf("%d KiB: reports: %v; %s: %v", kib, err, JUnitFile, missing)
		}
		if hidden, _ := filepath.Glob(filepath.Join(dir, ".*")); len(hidden) > 0 {
			t.Errorf("%d KiB: it left %q", kib, hidden)
		}
	}
	if full < 3 || !room {
		t.Errorf("the disk was full %d times, and had room: %v", full, room)
	}
}

// disk is a folder on a disk of that size, which goes with the test.
func disk(t *testing.T, kib int) string {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib))
	if errors.Is(err, fs.ErrPermission) {
		t.Skip("a disk of its own takes the right to mount one")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Who may read a run is for the umask to say, for all its files alike.
func TestWriteAllKeepsToTheUmask(t *testing.T) {
	dir := t.TempDir()
	defer unix.Umask(unix.Umask(0o027))
	if err := WriteAll(dir, showcase()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode() != 0o640 {
			t.Errorf("%s: %v, %v; want 640", e.Name(), info.Mode(), err)
		}
	}
}
