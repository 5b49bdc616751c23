package attest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// Verify checks a run's folder, or a bundle of it, against the pinned key. It returns the manifest
// once every file is what was signed. What is not is a *Damage, which names the first such file; a
// bundle that cannot be read is an error that wraps ErrBundle.
func Verify(ctx context.Context, path string, key Verifier) (Manifest, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("verify: %w", err)
	}
	read := readBundle
	if info.IsDir() {
		read = takeInventory
	}
	found, err := read(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("verify %s: %w", path, err)
	}
	manifest, err := found.verify(ctx, key)
	if err != nil {
		return Manifest{}, fmt.Errorf("verify %s: %w", path, err)
	}
	return manifest, nil
}

// verify goes from the key to the statements, to the manifest, to every file.
func (i inventory) verify(ctx context.Context, key Verifier) (Manifest, error) {
	for _, s := range []struct{ path, kind string }{{RehearsalFile, RehearsalType}, {TestResultFile, TestResultType}} {
		content, there := i.own[s.path]
		if !there {
			return Manifest{}, &Damage{s.path, "is missing: the run is not signed, or its signature was taken away"}
		}
		payload, err := key.open(ctx, s.path, content)
		if err != nil {
			return Manifest{}, err
		}
		if err := i.states(s.path, s.kind, payload); err != nil {
			return Manifest{}, err
		}
	}
	return i.manifest()
}

// states checks that a signed statement is of the kind and about the manifest that is there.
func (i inventory) states(path, kind string, payload []byte) error {
	var statement intoto.Statement
	if err := protojson.Unmarshal(payload, &statement); err != nil {
		return &Damage{path, fmt.Sprintf("is signed, and no in-toto statement: %v", err)}
	}
	if err := statement.Validate(); err != nil {
		return &Damage{path, fmt.Sprintf("is signed, and no in-toto statement: %v", err)}
	}
	if statement.GetType() != intoto.StatementTypeUri || statement.GetPredicateType() != kind {
		return &Damage{path, fmt.Sprintf("states %q, want %q", statement.GetPredicateType(), kind)}
	}
	content, there := i.own[ManifestFile]
	if !there {
		return &Damage{ManifestFile, "is missing"}
	}
	sum := sha256.Sum256(content)
	subject := statement.GetSubject()[0]
	if subject.GetName() != ManifestFile || subject.GetDigest()["sha256"] != hex.EncodeToString(sum[:]) {
		return &Damage{ManifestFile, "differs from the one that " + path + " was signed for"}
	}
	return nil
}

// manifest reads the manifest and holds every file against it.
func (i inventory) manifest() (Manifest, error) {
	content, there := i.own[ManifestFile]
	if !there {
		return Manifest{}, &Damage{ManifestFile, "is missing"}
	}
	m, err := decodeManifest(content)
	if err != nil {
		return Manifest{}, err
	}
	return m, i.compare(m)
}
