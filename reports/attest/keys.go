package attest

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/signerverifier"
)

// The names of the files that NewKey writes.
const (
	PrivateKeyFile = "drdrill.key"
	PublicKeyFile  = "drdrill.pub"
)

const (
	privateBlock = "PRIVATE KEY" // PKCS #8
	publicBlock  = "PUBLIC KEY"  // PKIX
)

// Signer signs with an Ed25519 private key.
type Signer struct {
	key *signerverifier.ED25519SignerVerifier
	id  string
}

// Verifier verifies with an Ed25519 public key.
type Verifier struct {
	key *signerverifier.ED25519SignerVerifier
	id  string
}

// KeyID names the key, as securesystemslib computes it from the public key.
func (s Signer) KeyID() string { return s.id }

// KeyID names the key, as securesystemslib computes it from the public key.
func (v Verifier) KeyID() string { return v.id }

// NewKey makes a key pair and writes it to PrivateKeyFile, for its owner alone, and PublicKeyFile in
// the folder, which is made where it is missing. It returns the key's id. A file that is there already
// is an error, and is left as it was.
func NewKey(dir string) (id string, err error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	publicDER, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write the key: %w", err)
	}
	publicPath := filepath.Join(dir, PublicKeyFile)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: publicDER})
	if err := create(publicPath, publicPEM, 0o644); err != nil {
		return "", fmt.Errorf("write the key: %w", err)
	}
	privatePEM := pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: privateDER})
	if err := create(filepath.Join(dir, PrivateKeyFile), privatePEM, 0o600); err != nil {
		return "", errors.Join(fmt.Errorf("write the key: %w", err), os.Remove(publicPath))
	}
	verifier, err := parsePublic(publicPEM)
	return verifier.id, err
}

// create writes a file that must not be there yet. What could not be written whole is removed.
func create(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// ReadSigner reads a private key as NewKey writes it.
func ReadSigner(path string) (Signer, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Signer{}, fmt.Errorf("read the private key: %w", err)
	}
	signer, err := parsePrivate(content)
	if err != nil {
		return Signer{}, fmt.Errorf("read the private key %s: %w", path, err)
	}
	return signer, nil
}

// ReadVerifier reads a public key as NewKey writes it.
func ReadVerifier(path string) (Verifier, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Verifier{}, fmt.Errorf("read the public key: %w", err)
	}
	verifier, err := parsePublic(content)
	if err != nil {
		return Verifier{}, fmt.Errorf("read the public key %s: %w", path, err)
	}
	return verifier, nil
}

func parsePrivate(content []byte) (Signer, error) {
	der, err := block(content, privateBlock, "give the "+PrivateKeyFile+" that drdrill key new wrote")
	if err != nil {
		return Signer{}, err
	}
	if parsed, err := x509.ParsePKCS8PrivateKey(der); err != nil {
		return Signer{}, fmt.Errorf("damaged: %w", err)
	} else if _, ok := parsed.(ed25519.PrivateKey); !ok {
		return Signer{}, fmt.Errorf("a key of type %T, want Ed25519", parsed)
	}
	key, id, err := load(content)
	return Signer{key, id}, err
}

func parsePublic(content []byte) (Verifier, error) {
	der, err := block(content, publicBlock, "give the "+PublicKeyFile+" of whoever signed the run")
	if err != nil {
		return Verifier{}, err
	}
	if parsed, err := x509.ParsePKIXPublicKey(der); err != nil {
		return Verifier{}, fmt.Errorf("damaged: %w", err)
	} else if _, ok := parsed.(ed25519.PublicKey); !ok {
		return Verifier{}, fmt.Errorf("a key of type %T, want Ed25519", parsed)
	}
	key, id, err := load(content)
	return Verifier{key, id}, err
}

// block is the content of the file's only PEM block, which must be of the type.
func block(content []byte, want, advice string) ([]byte, error) {
	found, rest := pem.Decode(content)
	switch {
	case found == nil:
		return nil, fmt.Errorf("no whole PEM block; %s", advice)
	case found.Type != want:
		return nil, fmt.Errorf("it holds a PEM block %q, want %q; %s", found.Type, want, advice)
	case strings.TrimSpace(string(rest)) != "":
		return nil, fmt.Errorf("something follows its PEM block; %s", advice)
	}
	return found.Bytes, nil
}

// load gives the library's form of an Ed25519 key, and its id.
func load(content []byte) (*signerverifier.ED25519SignerVerifier, string, error) {
	key, err := signerverifier.LoadKey(content)
	if err != nil {
		return nil, "", err
	}
	loaded, err := signerverifier.NewED25519SignerVerifierFromSSLibKey(key)
	return loaded, key.KeyID, err
}
