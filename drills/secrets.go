package drills

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/cogitator-ai/drdrill/recovery/redact"
	"github.com/cogitator-ai/drdrill/reports"
)

// secrets are the values that must appear in nothing that the drill leaves: those of its stack, and those
// that drdrill was given in its environment.
func (r *rehearsal) secrets() []string {
	return slices.Concat(r.ownSecrets, r.setting.Secrets)
}

// environment are the secrets that drdrill was given, and the names of variables whose value is too common to
// be looked for.
func environment() (secrets, common []string) {
	return redact.Environment(os.Environ(), ownWords())
}

// ownWords tells which texts stand in this very program. What drdrill itself may say stands there, with the
// scripts: everybody has it, so that it is no secret, and hiding it would garble every sentence with it.
func ownWords() (spoken func(string) bool) {
	program := sync.OnceValue(func() []byte {
		path, err := os.Executable()
		if err != nil {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil // too much is hidden then, and not too little
		}
		return content
	})
	return func(text string) bool { return bytes.Contains(program(), []byte(text)) }
}

// commonNote tells of variables with values that are too common, and does not tell the values.
func commonNote(names []string) string {
	return fmt.Sprintf("%s: the value is a common word or has fewer than 8 characters, choose another; it is hidden only where it is told as a password, and not in other text",
		strings.Join(names, ", "))
}

// Redact hides secrets in the record, before it is written. Those of a stack are hidden by its drill; here
// it is what was added to the record since, and what looks like a secret.
func Redact(record *reports.Record) {
	secrets, _ := environment()
	redact.NewStream(secrets).Strings(record)
}
