package attest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cogitator-ai/drdrill/reports"
)

// Seal writes the manifest of a run's folder, and with a signer the signed statements about it. It comes
// last, when all other files are there. Evidence that is not what the record says is an error, and
// nothing is written then. A nil signer leaves the run unsigned.
func Seal(ctx context.Context, dir string, r reports.Record, signer *Signer) error {
	found, err := takeInventory(dir)
	if err != nil {
		return fmt.Errorf("seal %s: %w", dir, err)
	}
	if err := found.holds(r); err != nil {
		return fmt.Errorf("seal %s: %w", dir, err)
	}
	manifest := newManifest(r, found.sorted())
	encoded, err := manifest.encode()
	if err != nil {
		return fmt.Errorf("seal %s: %w", dir, err)
	}
	own := map[string][]byte{ManifestFile: encoded}
	if signer != nil {
		if err := signer.sign(ctx, manifest, r, own); err != nil {
			return fmt.Errorf("seal %s: %w", dir, err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(own)) {
		if err := reports.ReplaceFile(filepath.Join(dir, path), own[path]); err != nil {
			return fmt.Errorf("seal %s: %w", dir, err)
		}
	}
	return nil
}

// CheckEvidence says whether the evidence that the record names is in the folder as it was kept. What is not
// is a *Damage.
func CheckEvidence(dir string, r reports.Record) error {
	found, err := takeInventory(dir)
	if err != nil {
		return err
	}
	return found.holds(r)
}

// holds says whether the evidence that the record names is there, as it was kept.
func (i inventory) holds(r reports.Record) error {
	for _, d := range r.Drills {
		for _, e := range d.Evidence {
			if is, there := i.files[e.Path]; !there || is.SHA256 != e.SHA256 {
				return &Damage{e.Path, "is not what the record says: it was changed or removed after it was written"}
			}
		}
	}
	return nil
}

// sign adds the envelopes to the files.
func (s Signer) sign(ctx context.Context, m Manifest, r reports.Record, files map[string][]byte) error {
	payloads, err := statements(m, files[ManifestFile], r)
	if err != nil {
		return err
	}
	for path, payload := range payloads {
		if files[path], err = s.seal(ctx, payload); err != nil {
			return err
		}
	}
	return nil
}

// Signed says whether a run's folder holds a signature. It does not say whose, or whether it is valid.
func Signed(dir string) (bool, error) {
	for _, name := range []string{RehearsalFile, TestResultFile} {
		if there, err := exists(filepath.Join(dir, name)); there || err != nil {
			return there, err
		}
	}
	return false, nil
}

// Sealed says whether a run's folder holds a manifest.
func Sealed(dir string) (bool, error) { return exists(filepath.Join(dir, ManifestFile)) }

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
