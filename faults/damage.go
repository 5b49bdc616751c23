package faults

import "slices"

// Row is a row of a table by its key. Where that has several columns, slashes join them.
type Row struct {
	Table, Key string
	Digest     string // of the row as the fault left it; empty where it left none
}

// Name is the row in words, such as runs runs-00000042.
func (r Row) Name() string { return r.Table + " " + r.Key }

// Damage is what a fault did to which rows of data and to which backups, for the drill's checks to hold a recovery
// against. Recovery scripts are not told.
type Damage struct {
	Removed []Row // they are gone, and others refer to them
	Altered []Row // they are older than every backup
	Unsaved []Row // altered, and newer than every backup
	Stray   []Row // they were never written by a client
	// Backups are the beginnings of the names of the backups' files that were hit, each with its place before it.
	Backups []string
	// Found are how many rows at least are wrong, by the kind of what is wrong with them.
	Found map[string]int
}

// Changed are the rows that were there before and are not what they were.
func (d Damage) Changed() []Row {
	return slices.Concat(d.Removed, d.Altered, d.Unsaved)
}

// Left are the rows that the fault left as no client had written them.
func (d Damage) Left() []Row {
	return slices.Concat(d.Altered, d.Unsaved, d.Stray)
}

// hitBackup takes down that backups were hit, if anybody asks for it.
func (d *Damage) hitBackup(beginning string) {
	if d != nil {
		d.Backups = append(d.Backups, beginning)
	}
}
