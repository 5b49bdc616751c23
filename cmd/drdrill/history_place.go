package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

// historyUsage is what the commands that read a history say of the flag.
const historyUsage = "read the history in this `file` (default: " + resultsDir + "/" + history.File + ")"

// historyBeside is the history of the runs whose folders are beside this one; the flag's, where it names one.
func historyBeside(dir, flag string) string {
	if flag != "" {
		return flag
	}
	return filepath.Join(dir, "..", history.File)
}

// usualHistory is the history of the runs that named no folder; the flag's, where it names one.
func usualHistory(flag string) string {
	if flag != "" {
		return flag
	}
	return filepath.Join(resultsDir, history.File)
}

// checkHistory makes sure that a run can be entered into the history, before it takes its time.
func checkHistory(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		return f.Close()
	}
	if errors.Is(err, fs.ErrNotExist) {
		dir := filepath.Dir(path)
		if gone := missing(dir); len(gone) > 0 {
			dir = filepath.Dir(gone[len(gone)-1])
		}
		err = tryWrite(dir)
	}
	if err != nil {
		return usage("the run could not be entered into a history: %w; name another file with --history", err)
	}
	return nil
}

// readHistory reads a history that has to be there.
func readHistory(path string) (history.Chain, error) {
	chain, err := history.Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return chain, usage("there is no history at %s: drdrill run begins one, and --history names another", path)
	case err != nil:
		return chain, usage("%w", err)
	}
	return chain, nil
}

// findRun finds a run by its folder, its record or its id in the history that the flag names. A record
// that is not the one in the history is refused.
func findRun(name, flag string) (history.Summary, error) {
	info, err := os.Stat(name)
	if err != nil {
		return runOfHistory(name, usualHistory(flag))
	}
	file := name
	if info.IsDir() {
		file = filepath.Join(name, reports.RecordFile)
	}
	record, err := readRecord(file)
	if err != nil {
		return history.Summary{}, usage("%s: %w", name, err)
	}
	return history.Summarise(record), asEntered(file, record.Run.ID, historyBeside(filepath.Dir(file), flag))
}

// runOfHistory finds a run by its id.
func runOfHistory(id, path string) (history.Summary, error) {
	chain, err := readHistory(path)
	if err != nil {
		return history.Summary{}, err
	}
	if e, found := chain.Find(id); found {
		return e.Run, nil
	}
	ids := make([]string, 0, len(chain.Entries))
	for _, e := range chain.Entries {
		ids = append(ids, e.Run.ID)
	}
	return history.Summary{}, usage("%q is no folder, no record and no run in %s: did you mean %q?", id, path, nearest(id, ids))
}

// asEntered makes sure that a record is the one in the history, if it is in one.
func asEntered(file, id, path string) error {
	chain, err := history.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return usage("%w", err)
	}
	e, found := chain.Find(id)
	if !found {
		return nil
	}
	same, err := e.IsOf(file)
	if err != nil {
		return usage("%w", err)
	}
	if !same {
		return usage("%s is not the record that entry %d of %s was made of: one of them was altered", file, e.Number, path)
	}
	return nil
}
