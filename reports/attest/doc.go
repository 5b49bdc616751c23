// Package attest makes a run's folder something that can be checked: a manifest with the digest of
// every file, two in-toto statements about it that are signed with Ed25519 in DSSE envelopes, and a
// bundle of all of it in one file. What it verifies it verifies offline, with a key that the caller
// pins; a key that came with the files is never looked at.
package attest

// The files that this package adds to a run's folder.
const (
	ManifestFile   = "manifest.json"
	RehearsalFile  = "attestation.dsse.json" // the statement with RTO and RPO
	TestResultFile = "test-result.dsse.json" // the statement that tools know which know no drdrill
)

// Damage is what verification found: the first file that is not what was sealed or signed.
type Damage struct {
	Path string // relative to the run's folder
	What string // such as "is missing"
}

func (d *Damage) Error() string { return d.Path + ": " + d.What }
