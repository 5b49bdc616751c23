package attest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// ErrBundle is wrapped by the errors about a bundle that cannot be read: cut short, changed or none.
var ErrBundle = errors.New("not a whole bundle")

// A bundle is a zstd frame and, after it, a frame that decompressors skip. That one ends the file and
// holds the SHA-256 of every byte before it: a frame has bits that change nothing of its content, and
// a file may go on after it, which neither the checksum of zstd nor any digest of a file would show.
const (
	skippable   = 0x184D2A5D // one of the sixteen magic numbers of frames to skip
	trailerName = "drdrill bundle v1\n"
	trailerSize = 8 + len(trailerName) + sha256.Size
)

// largestWindow is the most memory that unpacking may ask for, in bytes; a bundle can come from anybody.
const largestWindow = 64 << 20

// trailer is the last frame of a bundle whose other bytes have the digest.
func trailer(digest []byte) []byte {
	frame := binary.LittleEndian.AppendUint32(nil, skippable)
	frame = binary.LittleEndian.AppendUint32(frame, uint32(len(trailerName)+len(digest)))
	return append(append(frame, trailerName...), digest...)
}

// writeFrames compresses what fill writes, and ends the bundle.
func writeFrames(to io.Writer, fill func(io.Writer) error) error {
	digest := sha256.New()
	packed, err := zstd.NewWriter(io.MultiWriter(to, digest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(1<<20))
	if err != nil {
		return err
	}
	if err := errors.Join(fill(packed), packed.Close()); err != nil {
		return err
	}
	_, err = to.Write(trailer(digest.Sum(nil)))
	return err
}

// readFrames passes on what was compressed, once every byte of the bundle is known to be as written.
func readFrames(f io.ReaderAt, size int64, take func(io.Reader) error) error {
	body := size - int64(trailerSize)
	if body <= 0 {
		return fmt.Errorf("%w: only %d bytes", ErrBundle, size)
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(f, 0, body)); err != nil {
		return err
	}
	end := make([]byte, trailerSize)
	if _, err := f.ReadAt(end, body); err != nil {
		return err
	}
	if want := trailer(digest.Sum(nil)); !bytes.Equal(end, want) {
		if !bytes.Equal(end[:len(end)-sha256.Size], want[:len(want)-sha256.Size]) {
			return fmt.Errorf("%w: its end is missing, or something follows it", ErrBundle)
		}
		return fmt.Errorf("%w: its bytes are not those that were written", ErrBundle)
	}
	unpacked, err := zstd.NewReader(io.NewSectionReader(f, 0, body), zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largestWindow))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	defer unpacked.Close()
	return take(unpacked)
}
