package attest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNewKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	id, err := NewKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{PrivateKeyFile: 0o600, PublicKeyFile: 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode() != mode {
			t.Errorf("%s has mode %v, %v; want %v", name, info.Mode(), err, mode)
		}
	}
	signer, err := ReadSigner(filepath.Join(dir, PrivateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ReadVerifier(filepath.Join(dir, PublicKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	if id == "" || signer.KeyID() != id || verifier.KeyID() != id {
		t.Errorf("ids %q, %q and %q, want one", id, signer.KeyID(), verifier.KeyID())
	}
}

// Neither key is written over, and neither is left alone without the other.
func TestNewKeyOverwritesNothing(t *testing.T) {
	for _, there := range []string{PrivateKeyFile, PublicKeyFile} {
		dir := t.TempDir()
		write(t, dir, there, "mine")
		if _, err := NewKey(dir); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), there) {
			t.Errorf("%s is there: error %v", there, err)
		}
		if content := string(read(t, filepath.Join(dir, there))); content != "mine" {
			t.Errorf("%s was changed to %q", there, content)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s was there, and now %v, %v", there, left, err)
		}
	}
}

func TestUnreadableKeys(t *testing.T) {
	dir := t.TempDir()
	if _, err := NewKey(dir); err != nil {
		t.Fatal(err)
	}
	private, public := string(read(t, filepath.Join(dir, PrivateKeyFile))), string(read(t, filepath.Join(dir, PublicKeyFile)))
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	otherPrivate, _ := x509.MarshalPKCS8PrivateKey(other)
	otherPublic, _ := x509.MarshalPKIXPublicKey(other.Public())
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	readers := map[string]func(string) error{
		"private": func(path string) error { _, err := ReadSigner(path); return err },
		"public":  func(path string) error { _, err := ReadVerifier(path); return err },
	}
	for _, tt := range []struct{ as, name, content, says string }{
		{"private", "nothing", "", "no whole PEM block"},
		{"private", "cut short", private[:len(private)/2], "no whole PEM block"},
		{"private", "the public one", public, `"PUBLIC KEY", want "PRIVATE KEY"`},
		{"private", "two", private + private, "something follows"},
		{"private", "another algorithm", block("PRIVATE KEY", otherPrivate), "want Ed25519"},
		{"private", "damaged", block("PRIVATE KEY", []byte("x")), "damaged"},
		{"private", "encrypted", block("ENCRYPTED PRIVATE KEY", []byte("x")), `"ENCRYPTED PRIVATE KEY"`},
		{"public", "the private one", private, `"PRIVATE KEY", want "PUBLIC KEY"`},
		{"public", "cut short", public[:len(public)-5], "no whole PEM block"},
		{"public", "another algorithm", block("PUBLIC KEY", otherPublic), "want Ed25519"},
		{"public", "damaged", block("PUBLIC KEY", []byte("x")), "damaged"},
		{"public", "two", public + public, "something follows"},
	} {
		path := filepath.Join(t.TempDir(), "key")
		write(t, filepath.Dir(path), "key", tt.content)
		if err := readers[tt.as](path); err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s, %s: %v does not say %q", tt.as, tt.name, err, tt.says)
		}
		if err := readers[tt.as](path + ".gone"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s that is not there: %v", tt.as, err)
		}
	}
}
