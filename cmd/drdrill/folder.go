package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
)

// checkFolder refuses a folder that holds a record: the evidence of another run is never written over.
func checkFolder(dir string) error {
	for _, name := range []string{reports.RecordFile, attest.ManifestFile, attest.RehearsalFile, attest.TestResultFile} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return usage("--out %s: holds the record of a run already; name another folder", dir)
		}
	}
	return nil
}

// makeFolder makes the folder of a run, or of reports, and makes sure that it can be written to. The function it returns
// removes the folders that it made, as long as nothing was put into them.
func makeFolder(dir string) (forget func(), err error) {
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	made := missing(dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usage("--out: %w", err)
	}
	forget = func() {
		for _, m := range made {
			_ = os.Remove(m) // fails where something was put into it, as it should
		}
	}
	if err := tryWrite(dir); err != nil {
		forget()
		return nil, usage("--out: %w", err)
	}
	return forget, nil
}

// missing are the folders on the way to dir that are not there, innermost first.
func missing(dir string) []string {
	var list []string
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Lstat(d); !errors.Is(err, fs.ErrNotExist) {
			return list
		}
		list = append(list, d)
	}
}

// tryWrite finds out whether a file can be made in dir: permissions alone do not tell.
func tryWrite(dir string) error {
	f, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
