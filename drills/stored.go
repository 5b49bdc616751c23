package drills

import (
	"context"
	"encoding/json"
	"path"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// Manifest is what a backup says of itself.
type Manifest struct {
	SnapshotAt time.Time `json:"snapshotAt"`
	Objects    map[string]struct {
		SHA256 string `json:"sha256"`
	} `json:"objects"`
}

// NewestBackup is the name of the newest backup of a kind at a place; empty when there is none.
func NewestBackup(stored fixtures.Stored, place, kind string) (name string) {
	for file := range stored {
		if at, manifest := strings.CutSuffix(file, "/manifest.json"); manifest && strings.HasPrefix(at, place+":"+kind+"/") {
			name = max(name, path.Base(at))
		}
	}
	return name
}

// WholeBackup holds the objects of a backup, such as redis/redis-20261123T010203.000000Z, against its manifest, at every
// place where backups are: they have the same one. What is missing or otherwise is a finding.
func WholeBackup(ctx context.Context, stack *fixtures.Stack, stored fixtures.Stored, backup string) (manifest Manifest, err error) {
	file := backup + "/manifest.json"
	places := stack.BackupPlaces()
	for _, place := range places {
		switch is, there := stored[place+":"+file]; {
		case !there:
			return manifest, Violated("%s is not on %s", backup, place)
		case is.SHA256 != stored[places[0]+":"+file].SHA256:
			return manifest, Violated("%s on %s is another one than on %s", backup, place, places[0])
		}
	}
	text, err := stack.StoredObject(ctx, places[0], file)
	if err != nil {
		return manifest, err
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return manifest, Violated("the manifest of %s: %s", backup, err)
	}
	if len(manifest.Objects) == 0 {
		return manifest, Violated("the manifest of %s lists nothing", backup)
	}
	for object, want := range manifest.Objects {
		for _, place := range places {
			if is := stored[place+":"+backup+"/"+object]; is.SHA256 != want.SHA256 {
				return manifest, Violated("%s of %s on %s is not what its manifest says", object, backup, place)
			}
		}
	}
	return manifest, nil
}
