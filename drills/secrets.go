package drills

import (
	"os"

	"github.com/cogitator-ai/drdrill/recovery/redact"
	"github.com/cogitator-ai/drdrill/reports"
)

// secrets are the values that must appear in nothing that the drill leaves: those of its stack, and those
// that drdrill was given in its environment.
func (r *rehearsal) secrets() []string {
	return append(redact.Environment(os.Environ()), r.ownSecrets...)
}

// Redact hides secrets in the record, before it is written. Those of a stack are hidden by its drill; here
// it is what was added to the record since, and what looks like a secret.
func Redact(record *reports.Record) {
	redact.NewStream(redact.Environment(os.Environ())).Strings(record)
}
