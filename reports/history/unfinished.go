package history

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/cogitator-ai/drdrill/reports"
)

// runFolder matches the folders of runs that named none of their own.
var runFolder = regexp.MustCompile(`^\d{8}-\d{6}-[0-9a-f]{4}$`)

// UnfinishedBeside tells of the folders beside a history in which a run began and has left no record: it
// was killed, or it is still running. The folder of the run that asks is left out. A killed run that
// named its own folder is known by the evidence in it, which the first drill leaves when it ends.
func UnfinishedBeside(path, own string) []Finding {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // where there is no folder there is no run in it; Read tells of a history that cannot be read
	}
	var list []Finding
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		if !e.IsDir() || same(folder, own) || exists(filepath.Join(folder, reports.RecordFile)) {
			continue
		}
		if !runFolder.MatchString(e.Name()) && !exists(filepath.Join(folder, "evidence")) {
			continue
		}
		f := Finding{Kind: Unfinished, Text: fmt.Sprintf("%s is the folder of a run that left no record: it was killed before its end, or it is still running.", folder)}
		if info, err := e.Info(); err == nil {
			f.At = info.ModTime()
		}
		list = append(list, f)
	}
	return list
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// same says whether two paths lead to the same folder.
func same(a, b string) bool {
	left, errLeft := os.Stat(a)
	right, errRight := os.Stat(b)
	return errLeft == nil && errRight == nil && os.SameFile(left, right)
}
