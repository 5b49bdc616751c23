package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Schema names the version of an entry's shape.
const Schema = "drdrill/history/v1"

// Entry is one run in the history.
type Entry struct {
	Schema       string  `json:"schema"`
	Number       int     `json:"number"`       // its place, from 1
	Previous     string  `json:"previous"`     // SHA-256 of the line before, without its end; empty for the first
	RecordSHA256 string  `json:"recordSha256"` // of the run's record.json
	Run          Summary `json:"run"`
	// Hash is the SHA-256 of the entry's own line, by which the next entry and the next record name it.
	Hash string `json:"-"`
}

// The parts of a line around its digest and its entry. A line is held against them byte for byte, so
// that nothing in it is left unchecked.
const (
	beforeDigest = `{"sha256":"`
	beforeEntry  = `","entry":`
	afterEntry   = `}`
	digestLength = 2 * sha256.Size
)

var (
	errForm    = errors.New("it is no entry of a history")
	errAltered = errors.New("it was altered: its content is not what its SHA-256 was taken of")
)

// encode makes an entry's line, without its end.
func encode(e Entry) ([]byte, error) {
	content, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode entry %d: %w", e.Number, err)
	}
	return bytes.Join([][]byte{[]byte(beforeDigest + digest(content) + beforeEntry), content, []byte(afterEntry)}, nil), nil
}

// decode reads a line that encode made. Fields that it does not know, as of a later version, are left
// out; the digest covers them all the same.
func decode(line []byte) (Entry, error) {
	rest, ok := bytes.CutPrefix(line, []byte(beforeDigest))
	if !ok || len(rest) < digestLength {
		return Entry{}, errForm
	}
	sum, rest := string(rest[:digestLength]), rest[digestLength:]
	content, ok := bytes.CutPrefix(rest, []byte(beforeEntry))
	if !ok {
		return Entry{}, errForm
	}
	if content, ok = bytes.CutSuffix(content, []byte(afterEntry)); !ok {
		return Entry{}, errForm
	}
	if digest(content) != sum {
		return Entry{}, errAltered
	}
	e := Entry{Hash: digest(line)}
	if err := json.Unmarshal(content, &e); err != nil {
		return Entry{}, fmt.Errorf("%w: %w", errForm, err)
	}
	if e.Schema != Schema {
		return Entry{}, fmt.Errorf("%w that this version of drdrill reads: schema %q, want %q", errForm, e.Schema, Schema)
	}
	return e, nil
}

// digest is the SHA-256 in hexadecimal figures.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
