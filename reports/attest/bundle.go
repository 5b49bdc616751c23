package attest

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// BundleSuffix ends the names of bundles.
const BundleSuffix = ".tar.zst"

// Bundle packs a run's folder into one file, which must not be there yet. The same folder makes the same
// bytes each time. A folder whose files are not those of its manifest is a *Damage, and no bundle is made.
func Bundle(dir, path string) error {
	found, err := takeInventory(dir)
	if err != nil {
		return fmt.Errorf("bundle %s: %w", dir, err)
	}
	manifest, err := found.manifest()
	if err != nil {
		return fmt.Errorf("bundle %s: %w", dir, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("bundle %s: %w", dir, err)
	}
	err = writeFrames(f, func(w io.Writer) error { return packFolder(w, dir, manifest.Run.ID, found) })
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("bundle %s: %w", dir, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// packFolder writes every file of the inventory below a folder of the run's name.
func packFolder(w io.Writer, dir, top string, found inventory) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	packed := tar.NewWriter(w)
	for _, path := range found.paths() {
		if err := found.packFile(packed, root, top, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return packed.Close()
}

// packFile packs one file, which must still be as it was when it was taken in.
func (i inventory) packFile(packed *tar.Writer, root *os.Root, top, path string) error {
	f, err := root.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := packed.WriteHeader(entry(top+"/"+path, i.size(path))); err != nil {
		return err
	}
	now := newInventory()
	if err := now.add(path, io.TeeReader(f, packed)); err != nil {
		return err
	}
	if now.files[path] != i.files[path] || !bytes.Equal(now.own[path], i.own[path]) {
		return errors.New("was changed while the bundle was made")
	}
	return nil
}

// entry is the header of one file. Only the name and the size are free: all else would make two bundles of
// the same files differ.
func entry(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0)}
}

// paths are all files in the order in which they are packed.
func (i inventory) paths() []string {
	paths := slices.AppendSeq(slices.Collect(maps.Keys(i.files)), maps.Keys(i.own))
	slices.Sort(paths)
	return paths
}

func (i inventory) size(path string) int64 {
	if isOwn(path) {
		return int64(len(i.own[path]))
	}
	return i.files[path].Size
}

// readBundle takes the inventory of a bundle.
func readBundle(path string) (inventory, error) {
	f, err := os.Open(path)
	if err != nil {
		return inventory{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return inventory{}, err
	}
	return unbundle(f, info.Size())
}

// unbundle takes the inventory of a bundle that has the size.
func unbundle(f io.ReaderAt, size int64) (inventory, error) {
	found := newInventory()
	err := readFrames(f, size, func(r io.Reader) error {
		top, err := unpack(r, found)
		if err != nil {
			return err
		}
		return found.below(top)
	})
	return found, err
}

// unpack takes in every file of an archive and returns the folder that they lie in. What it reads it packs
// again, and both must be the same bytes: so nothing hides in headers, in padding or after the end.
func unpack(r io.Reader, into inventory) (top string, err error) {
	as, again := sha256.New(), sha256.New()
	r = io.TeeReader(r, as)
	unpacked, packed := tar.NewReader(r), tar.NewWriter(again)
	last := ""
	for {
		header, err := unpacked.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrBundle, err)
		}
		folder, path, _ := strings.Cut(header.Name, "/")
		if top == "" {
			top = folder
		}
		if folder != top || !fs.ValidPath(path) || path == "." || path <= last || header.Typeflag != tar.TypeReg {
			return "", fmt.Errorf("%w: it holds %q, which does not belong there", ErrBundle, header.Name)
		}
		last = path
		err = packed.WriteHeader(entry(header.Name, header.Size))
		if err == nil {
			err = into.add(path, io.TeeReader(unpacked, packed))
		}
		if err != nil {
			return "", fmt.Errorf("%w: %s: %s", ErrBundle, path, err.Error())
		}
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if err := packed.Close(); err != nil {
		return "", err
	}
	if !bytes.Equal(as.Sum(nil), again.Sum(nil)) {
		return "", fmt.Errorf("%w: it holds more than its files", ErrBundle)
	}
	return top, nil
}

// below checks that the files lie in the folder of their run's name.
func (i inventory) below(top string) error {
	content, there := i.own[ManifestFile]
	if !there {
		return &Damage{ManifestFile, "is missing"}
	}
	m, err := decodeManifest(content)
	if err != nil {
		return err
	}
	if m.Run.ID != top {
		return fmt.Errorf("%w: its folder is %q, and its run %q", ErrBundle, top, m.Run.ID)
	}
	return nil
}
