package attest

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// aBundle is a bundle of a small signed run, and the key to verify it with.
func aBundle(t testing.TB) (content []byte, key Verifier) {
	t.Helper()
	dir, key := aRun(t)
	if err := Bundle(dir, dir+BundleSuffix); err != nil {
		t.Fatal(err)
	}
	return read(t, dir+BundleSuffix), key
}

// verifyBytes verifies a bundle that has the content.
func verifyBytes(t testing.TB, content []byte, key Verifier) error {
	t.Helper()
	found, err := unbundle(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	_, err = found.verify(t.Context(), key)
	return err
}

// Each changed byte costs an archive, and all of them some minutes.
var everyByte = flag.Bool("every", false, "change every byte of an archive, not one in 31")

// stride is how far apart the changed bytes are.
func stride() int {
	if *everyByte {
		return 1
	}
	return 31
}

func TestBundle(t *testing.T) {
	dir, key := aRun(t)
	one, other := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "other")
	if err := errors.Join(Bundle(dir, one), Bundle(dir, other)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, one), read(t, other)) {
		t.Error("two bundles of one folder differ")
	}
	folder, err := Verify(t.Context(), dir, key)
	if err != nil {
		t.Fatal(err)
	}
	bundled, err := Verify(t.Context(), one, key)
	if err != nil {
		t.Fatal(err)
	}
	if len(bundled.Files) != len(folder.Files) || bundled.Run != folder.Run {
		t.Errorf("the bundle's manifest is %+v, the folder's %+v", bundled, folder)
	}
	if err := Bundle(dir, one); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a bundle that is there: %v", err)
	}
}

func TestBundleRefusesADamagedFolder(t *testing.T) {
	dir, _ := aRun(t)
	write(t, dir, "report.md", "another")
	err := Bundle(dir, dir+BundleSuffix)
	if d := damage(t, err); d.Path != "report.md" {
		t.Errorf("damage %+v", d)
	}
	if _, err := os.Lstat(dir + BundleSuffix); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a bundle was left: %v", err)
	}
}

// Other programs unpack a bundle to what was packed.
func TestBundleIsATarOfZstd(t *testing.T) {
	for _, program := range []string{"tar", "zstd"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("no " + program)
		}
	}
	dir, key := aRun(t)
	if err := Bundle(dir, dir+BundleSuffix); err != nil {
		t.Fatal(err)
	}
	into := t.TempDir()
	if out, err := exec.Command("tar", "--zstd", "-xf", dir+BundleSuffix, "-C", into).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := Verify(t.Context(), filepath.Join(into, "20260302-091500-7f3a"), key); err != nil {
		t.Error(err)
	}
}

// Every byte counts: no bundle verifies in which one was changed, or that was cut or went on.
func TestEveryByteOfABundleIsCovered(t *testing.T) {
	content, key := aBundle(t)
	if err := verifyBytes(t, content, key); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, changed []byte) {
		t.Helper()
		if err := verifyBytes(t, changed, key); !errors.Is(err, ErrBundle) {
			t.Errorf("%s at %d of %d: %v", what, at, len(content), err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for at := range content {
		changed := bytes.Clone(content)
		changed[at] ^= 1 << random.IntN(8)
		refused("a flipped bit", at, changed)
		changed[at] = content[at] ^ byte(1+random.IntN(255))
		refused("another byte", at, changed)
		refused("cut", at, content[:at])
	}
	for n := 1; n < 64; n++ {
		refused("goes on by zeros", n, append(bytes.Clone(content), make([]byte, n)...))
	}
	refused("goes on by itself", 0, append(bytes.Clone(content), content...))
	refused("begins with a frame to skip", 0, append([]byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}, content...))
}

// resealed is what somebody makes who knows the format and has no key: other compressed bytes, with
// an end that fits them.
func resealed(frames []byte) []byte {
	digest := sha256.Sum256(frames)
	return append(bytes.Clone(frames), trailer(digest[:])...)
}

// recompressed is the bundle of an archive.
func recompressed(t testing.TB, archive []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := writeFrames(&out, func(w io.Writer) error { _, err := w.Write(archive); return err }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpackedBundle is the archive in a bundle.
func unpackedBundle(t testing.TB, content []byte) []byte {
	t.Helper()
	decoder, err := zstd.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	archive, err := io.ReadAll(decoder)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// Whoever fits the end of the bundle to a change gets no further: of the archive every byte is covered
// too, its headers, its padding and its end included.
func TestEveryByteOfTheArchiveIsCovered(t *testing.T) {
	content, key := aBundle(t)
	archive := unpackedBundle(t, content)
	if err := verifyBytes(t, recompressed(t, archive), key); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, changed []byte) {
		t.Helper()
		err := verifyBytes(t, recompressed(t, changed), key)
		if d := new(Damage); err == nil || !errors.Is(err, ErrBundle) && !errors.As(err, &d) {
			t.Errorf("%s at %d of %d: %v", what, at, len(archive), err)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for at := 0; at < len(archive); at += stride() {
		changed := bytes.Clone(archive)
		changed[at] ^= byte(1 + random.IntN(255))
		refused("another byte", at, changed)
	}
	for at := 0; at < len(archive); at += 256 {
		refused("cut", at, archive[:at])
	}
	refused("goes on by zeros", 512, append(bytes.Clone(archive), make([]byte, 512)...))
	refused("goes on by itself", 0, append(bytes.Clone(archive), archive...))
}

// A change of the compressed bytes that leaves the archive as it was, with an end that fits, is no change
// of what was signed; any other is found.
func TestNoChangeOfAFrameChangesWhatIsVerified(t *testing.T) {
	content, key := aBundle(t)
	frame := content[:len(content)-trailerSize]
	archive := unpackedBundle(t, content)
	for at := 0; at < len(frame); at += stride() {
		changed := bytes.Clone(frame)
		changed[at] ^= 1 << (at % 8)
		changed = resealed(changed)
		if err := verifyBytes(t, changed, key); err == nil && !bytes.Equal(unpackedBundle(t, changed), archive) {
			t.Errorf("another archive passes: byte %d", at)
		}
	}
}

// What an archive may hold besides files of one folder, in their order, is refused.
func TestStrangeArchives(t *testing.T) {
	content, key := aBundle(t)
	rewrite := func(change func(h *tar.Header, body []byte) []byte) []byte {
		var out bytes.Buffer
		from, to := tar.NewReader(bytes.NewReader(unpackedBundle(t, content))), tar.NewWriter(&out)
		for {
			h, err := from.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			body, errBody := io.ReadAll(from)
			body = change(h, body)
			h.Size = int64(len(body))
			_, errWrite := to, to.WriteHeader(h)
			_, errMore := to.Write(body)
			if err := errors.Join(err, errBody, errWrite, errMore); err != nil {
				t.Fatal(err)
			}
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
		return recompressed(t, out.Bytes())
	}
	for name, change := range map[string]func(h *tar.Header, body []byte) []byte{
		"another mode": func(h *tar.Header, body []byte) []byte { h.Mode = 0o755; return body },
		"an owner":     func(h *tar.Header, body []byte) []byte { h.Uname = "root"; return body },
		"a time":       func(h *tar.Header, body []byte) []byte { h.ModTime = h.ModTime.Add(1e9); return body },
		"a comment": func(h *tar.Header, body []byte) []byte {
			h.Format, h.PAXRecords = tar.FormatPAX, map[string]string{"comment": "x"}
			return body
		},
		"another folder": func(h *tar.Header, body []byte) []byte {
			h.Name = strings.Replace(h.Name, "2026", "2027", 1)
			return body
		},
		"a way out":              func(h *tar.Header, body []byte) []byte { h.Name = "20260302-091500-7f3a/../" + h.Name; return body },
		"no folder":              func(h *tar.Header, body []byte) []byte { _, h.Name, _ = strings.Cut(h.Name, "/"); return body },
		"one file over and over": func(h *tar.Header, body []byte) []byte { h.Name = "20260302-091500-7f3a/a"; return body },
	} {
		if err := verifyBytes(t, rewrite(change), key); !errors.Is(err, ErrBundle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := verifyBytes(t, rewrite(func(_ *tar.Header, body []byte) []byte { return body }), key); err != nil {
		t.Errorf("no change at all: %v", err)
	}
	err := verifyBytes(t, rewrite(func(h *tar.Header, body []byte) []byte {
		if strings.HasSuffix(h.Name, "report.md") {
			return []byte("# Met!!!\n")
		}
		return body
	}), key)
	if d := damage(t, err); d.Path != "report.md" {
		t.Errorf("another report: %+v", d)
	}
}

func FuzzReadBundle(f *testing.F) {
	content, _ := aBundle(f)
	f.Add(content)
	f.Add(content[:len(content)/2])
	f.Add(binary.LittleEndian.AppendUint32(nil, skippable))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > trailerSize { // so that the fuzzer gets past the digest
			content = resealed(content[:len(content)-trailerSize])
		}
		found, err := unbundle(bytes.NewReader(content), int64(len(content)))
		if err == nil && len(found.own[ManifestFile]) == 0 {
			t.Error("a bundle without a manifest passes")
		}
	})
}
