package attest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// ManifestSchema names the version of the manifest's shape.
const ManifestSchema = "drdrill/manifest/v1"

// Manifest is what a run was made of and what it left: every file of its folder but the manifest
// and the envelopes themselves.
type Manifest struct {
	Schema   string                   `json:"schema"`
	Run      Run                      `json:"run"`
	Versions Versions                 `json:"versions"`
	Images   map[string]reports.Image `json:"images"`
	Scripts  Scripts                  `json:"scripts"`
	Files    []File                   `json:"files"` // in the order of their paths
}

// Run says which run it is.
type Run struct {
	ID         string    `json:"id"`
	StartedAt  time.Time `json:"startedAt"`
	FinishedAt time.Time `json:"finishedAt"`
	Seed       string    `json:"seed"` // in decimal: JSON readers round large numbers
	Verdict    string    `json:"verdict"`
	Accepted   bool      `json:"accepted,omitempty"` // missed within accepted risks
	Aborted    string    `json:"aborted,omitempty"`
}

// Versions are those of all that took part.
type Versions struct {
	Drdrill string         `json:"drdrill"`
	Host    reports.Host   `json:"host"`
	Engine  reports.Engine `json:"engine"`
	// Servers are what the servers say of themselves, by server; more than one where drills differ.
	Servers map[string][]string `json:"servers"`
}

// Scripts are the recovery scripts and where they come from.
type Scripts struct {
	Revisions reports.Revisions         `json:"revisions"`
	Files     map[string]reports.Script `json:"files"`
}

// File is one file of the run's folder.
type File struct {
	Path   string `json:"path"` // with slashes, relative to the folder
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // in bytes
}

// newManifest describes the record's run and the files in its folder.
func newManifest(r reports.Record, files []File) Manifest {
	m := Manifest{
		Schema: ManifestSchema,
		Run: Run{
			ID: r.Run.ID, StartedAt: r.Run.StartedAt, FinishedAt: r.Run.FinishedAt, Seed: fmt.Sprint(r.Run.Seed),
			Verdict: r.Verdict(), Accepted: r.WithinRisks(), Aborted: r.Run.Aborted,
		},
		Versions: Versions{Drdrill: r.Run.Version, Host: r.Run.Host, Engine: r.Run.Engine, Servers: servers(r.Drills)},
		Images:   map[string]reports.Image{}, Scripts: Scripts{Files: map[string]reports.Script{}}, Files: files,
	}
	maps.Copy(m.Images, r.Run.Images)
	maps.Copy(m.Scripts.Files, r.Run.Scripts)
	m.Scripts.Revisions.Own.Absent = "the record names none"
	if r.Run.Revisions != nil {
		m.Scripts.Revisions = *r.Run.Revisions
	}
	return m
}

func servers(drills []reports.Drill) map[string][]string {
	found := map[string][]string{}
	for _, d := range drills {
		for name, version := range d.Versions {
			if !slices.Contains(found[name], version) {
				found[name] = append(found[name], version)
			}
		}
	}
	for _, versions := range found {
		slices.Sort(versions)
	}
	return found
}

// encode is the manifest as a file.
func (m Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return b.Bytes(), nil
}

// decodeManifest reads a manifest. It is strict: what cannot have been written by encode is damage.
func decodeManifest(content []byte) (Manifest, error) {
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return Manifest{}, &Damage{ManifestFile, fmt.Sprintf("is no manifest: %v", err)}
	}
	if m.Schema != ManifestSchema {
		return Manifest{}, &Damage{ManifestFile, fmt.Sprintf("schema %q, want %q; use the version of drdrill that wrote it", m.Schema, ManifestSchema)}
	}
	again, err := m.encode()
	if err != nil {
		return Manifest{}, err
	}
	if !bytes.Equal(again, content) {
		return Manifest{}, &Damage{ManifestFile, "is not as drdrill writes it"}
	}
	if !slices.IsSortedFunc(m.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) }) {
		return Manifest{}, &Damage{ManifestFile, "its files are not in order"}
	}
	return m, nil
}
