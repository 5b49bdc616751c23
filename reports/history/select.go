package history

import (
	"fmt"
	"os"

	"github.com/cogitator-ai/drdrill/reports"
)

// EntryOf is the entry of a record that was written to the file.
func EntryOf(r reports.Record, file string) (Entry, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Entry{}, fmt.Errorf("enter the run into the history: %w", err)
	}
	return Entry{RecordSHA256: digest(data), Run: Summarise(r)}, nil
}

// IsOf says whether the entry was made of the record in the file.
func (e Entry) IsOf(file string) (bool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return false, fmt.Errorf("hold %s against the history: %w", file, err)
	}
	return digest(data) == e.RecordSHA256, nil
}

// Holds says whether an entry with that hash is in the chain, as one noted outside should be.
func (c Chain) Holds(hash string) bool {
	for _, e := range c.Entries {
		if e.Hash == hash {
			return true
		}
	}
	return false
}

// Find is the entry of a run.
func (c Chain) Find(runID string) (Entry, bool) {
	for _, e := range c.Entries {
		if e.Run.ID == runID {
			return e, true
		}
	}
	return Entry{}, false
}

// Drills are the names of all drills that ever came to run, in the order in which they first did.
func (c Chain) Drills() []string { return drillsOf(c.Entries) }

// Only is the chain with nothing but the results of one drill in it, of the runs that have some.
func (c Chain) Only(drill string) Chain {
	only := c
	only.Entries = nil
	for _, e := range c.Entries {
		if e.Run.Results = e.Run.Of(drill); len(e.Run.Results) > 0 {
			only.Entries = append(only.Entries, e)
		}
	}
	return only
}
