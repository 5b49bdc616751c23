package attest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// keptLimit is the most that a manifest or an envelope may hold, in bytes: they are read into memory.
const keptLimit = 64 << 20

// inventory is what is there, in a folder or in a bundle.
type inventory struct {
	files map[string]File   // all but the manifest and the envelopes
	own   map[string][]byte // those, whole
}

func newInventory() inventory { return inventory{map[string]File{}, map[string][]byte{}} }

// isOwn says whether a file is the manifest or an envelope, and so no entry of the manifest.
func isOwn(path string) bool {
	return path == ManifestFile || path == RehearsalFile || path == TestResultFile
}

// add takes a file's content in.
func (i inventory) add(path string, content io.Reader) error {
	digest := sha256.New()
	var whole bytes.Buffer
	into := io.Writer(digest)
	if isOwn(path) {
		into, content = &whole, io.LimitReader(content, keptLimit+1)
	}
	n, err := io.Copy(into, content)
	switch {
	case err != nil:
		return err
	case !isOwn(path):
		i.files[path] = File{path, hex.EncodeToString(digest.Sum(nil)), n}
	case n > keptLimit:
		return &Damage{path, "is too large to be what its name says"}
	default:
		i.own[path] = whole.Bytes()
	}
	return nil
}

// sorted are the files in the order of their paths.
func (i inventory) sorted() []File {
	list := make([]File, 0, len(i.files))
	for _, path := range slices.Sorted(maps.Keys(i.files)) {
		list = append(list, i.files[path])
	}
	return list
}

// takeInventory reads a folder through. What is neither a file nor a folder is Damage.
func takeInventory(dir string) (inventory, error) {
	found := newInventory()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return found, err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case !entry.Type().IsRegular():
			return &Damage{path, "is not a regular file"}
		}
		f, err := root.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(found.add(path, f), f.Close())
	})
	return found, err
}

// compare holds what is there against the manifest and names the first file that is not what it says.
func (i inventory) compare(m Manifest) error {
	want := map[string]File{}
	for _, f := range m.Files {
		want[f.Path] = f
	}
	all := maps.Clone(want)
	maps.Copy(all, i.files)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		sealed, listed := want[path]
		is, there := i.files[path]
		switch {
		case !there:
			return &Damage{path, "is missing"}
		case !listed:
			return &Damage{path, "is extra: the manifest does not list it"}
		case is.Size != sealed.Size:
			return &Damage{path, fmt.Sprintf("differs: %d bytes, want %d", is.Size, sealed.Size)}
		case is.SHA256 != sealed.SHA256:
			return &Damage{path, fmt.Sprintf("differs: its SHA-256 is %s, want %s", is.SHA256, sealed.SHA256)}
		}
	}
	return nil
}
