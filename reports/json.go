package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// JSON writes the record itself, indented. Lists and maps are written empty rather than null.
func JSON(w io.Writer, r Record) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(filled(r)); err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	return nil
}

// Read reads a record that JSON wrote. It is strict: another schema, an unknown field, an unknown
// verdict or anything after the record is an error.
func Read(r io.Reader) (Record, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	if err := checkSchema(data); err != nil {
		return Record{}, err
	}
	var record Record
	if err := decodeOne(data, &record); err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	if err := checkVerdicts(record); err != nil {
		return Record{}, err
	}
	return filled(record), nil
}

// checkSchema looks at the schema first, so that a record of another version is named as such
// rather than as a list of unknown fields.
func checkSchema(data []byte) error {
	var head struct {
		Schema *string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("read record: not a JSON object: %w", err)
	}
	switch {
	case head.Schema == nil:
		return errors.New("read record: no schema; give the record.json that drdrill run wrote")
	case *head.Schema != Schema:
		return fmt.Errorf("read record: schema %q, want %q; read it with the version of drdrill that wrote it", *head.Schema, Schema)
	}
	return nil
}

// decodeOne decodes exactly one JSON value with known fields alone.
func decodeOne(data []byte, into *Record) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// checkVerdicts refuses words that are no verdict: a renderer must not have to guess.
func checkVerdicts(r Record) error {
	for i, d := range r.Drills {
		if err := checkVerdict(d.Verdict); err != nil {
			return fmt.Errorf("read record: drill %d (%q): %w", i+1, d.Name, err)
		}
		for _, p := range d.Proofs {
			if err := checkVerdict(p.Verdict); err != nil {
				return fmt.Errorf("read record: drill %d (%q): proof %q: %w", i+1, d.Name, p.Name, err)
			}
		}
	}
	return nil
}

func checkVerdict(v string) error {
	if !slices.Contains([]string{Met, Missed, NotProven}, v) {
		return fmt.Errorf("verdict %q, want %s, %s or %s", v, Met, Missed, NotProven)
	}
	return nil
}

// filled is the record with empty lists and maps where it had none, so that a reader can walk
// through them without a check.
func filled(r Record) Record {
	r.Drills = orEmpty(slices.Clone(r.Drills))
	if r.Run.Images == nil {
		r.Run.Images = map[string]Image{}
	}
	if r.Run.Scripts == nil {
		r.Run.Scripts = map[string]Script{}
	}
	for i := range r.Drills {
		d := &r.Drills[i]
		d.Reasons, d.RPO, d.Proofs = orEmpty(d.Reasons), orEmpty(d.RPO), orEmpty(d.Proofs)
		d.RTO.Phases, d.Timeline = orEmpty(d.RTO.Phases), orEmpty(d.Timeline)
		d.Steps, d.Evidence = orEmpty(d.Steps), orEmpty(d.Evidence)
	}
	return r
}

// orEmpty is the list, or an empty one where there was none.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
