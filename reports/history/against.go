package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cogitator-ai/drdrill/reports"
)

// Kept is a run's record.json as far as the history is concerned.
type Kept struct {
	Path   string // of the file
	SHA256 string
	Run    string           // its id
	Place  *reports.History // nil where the run kept no history
}

// KeptBeside are the records in the folders beside a history, and findings about those that cannot be
// read. Whoever reads them before the history takes no run for lost that ends in between.
func KeptBeside(path string) ([]Kept, []Finding) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*", reports.RecordFile))
	if err != nil { // the folder's name holds what Glob takes for a broken pattern
		return nil, []Finding{{Kind: Contradicted, Text: fmt.Sprintf("The records beside %s were not held against it: %s.", path, err)}}
	}
	slices.Sort(files)
	var list []Kept
	var unread []Finding
	for _, file := range files {
		k, err := readKept(file)
		if err != nil {
			unread = append(unread, Finding{Kind: Contradicted, Text: fmt.Sprintf("A record was not held against the history: %s.", err)})
			continue
		}
		list = append(list, k)
	}
	return list, unread
}

func readKept(file string) (Kept, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Kept{}, err
	}
	var record struct {
		Run     struct{ ID string } `json:"run"`
		History *reports.History    `json:"history"`
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&record); err != nil {
		return Kept{}, fmt.Errorf("%s is no record: %w", file, err)
	}
	return Kept{Path: file, SHA256: digest(data), Run: record.Run.ID, Place: record.History}, nil
}

// Against holds the chain against records that were kept beside it. So it shows that the newest
// entries were deleted, or the whole chain was written anew, as long as the records are there.
func (c Chain) Against(records []Kept) []Finding {
	var list []Finding
	say := func(format string, args ...any) {
		list = append(list, Finding{Kind: Contradicted, Text: fmt.Sprintf(format, args...)})
	}
	for _, k := range records {
		e, found := c.Find(k.Run)
		switch {
		case !found && k.Place == nil: // a run of before there was a history
		case !found:
			say("%s is the record of run %s, and the history has no entry of it: entry %d was deleted or damaged, or the run was killed before it was written.",
				k.Path, k.Run, k.Place.Entry)
		case e.RecordSHA256 != k.SHA256:
			say("%s is not the record that entry %d was made of: one of them was altered.", k.Path, e.Number)
		case k.Place == nil || e.Previous != k.Place.Previous:
			say("%s says that another entry was before entry %d: the history was written anew.", k.Path, e.Number)
		}
	}
	return list
}
