package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// File is the usual name of a history.
const File = "history.jsonl"

// Read reads the history at the path, while nobody appends to it. It returns an error that wraps
// fs.ErrNotExist where there is none.
func Read(path string) (Chain, error) {
	data, err := lockedfile.Read(path)
	if err != nil {
		return Chain{}, fmt.Errorf("read history: %w", err)
	}
	return Parse(data), nil
}

// Append appends one entry, which is made from the history as it is: no other run comes in between.
// The number and the hashes are Append's. What is there is never changed, damaged or not; an entry
// that cannot be written whole is taken back.
func Append(path string, entry func(Chain) (Entry, error)) (Entry, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return Entry{}, fmt.Errorf("append to history: %w", err)
	}
	f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return Entry{}, fmt.Errorf("append to history: %w", err)
	}
	e, err := appendTo(f, entry)
	if err = errors.Join(err, f.Close()); err != nil {
		return Entry{}, fmt.Errorf("append to history %s: %w", path, err)
	}
	return e, nil
}

func appendTo(f *lockedfile.File, entry func(Chain) (Entry, error)) (Entry, error) {
	data, err := io.ReadAll(f)
	if err != nil {
		return Entry{}, err
	}
	chain := Parse(data)
	e, err := entry(chain)
	if err != nil {
		return Entry{}, err
	}
	e.Schema, e.Number, e.Previous = Schema, chain.Next, chain.Head
	line, err := encode(e)
	if err != nil {
		return Entry{}, err
	}
	e.Hash = digest(line)
	line = append(line, '\n')
	if chain.cut {
		line = append([]byte("\n"), line...)
	}
	return e, write(f, line, int64(len(data)))
}

// write appends and syncs the line, or takes back what was written of it.
func write(f *lockedfile.File, line []byte, size int64) error {
	_, err := io.Copy(f, bytes.NewReader(line))
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Truncate(size))
	}
	if size == 0 {
		return syncFolder(filepath.Dir(f.Name()))
	}
	return nil
}

// syncFolder makes the name of a new file last. Windows cannot sync a folder.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
