package reports

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The names of a run's files, in its folder.
const (
	RecordFile   = "record.json"
	JUnitFile    = "junit.xml"
	MarkdownFile = "report.md"
	HTMLFile     = "report.html"
	PDFFile      = "report.pdf"
	MetricsFile  = "metrics.prom"
)

// VerdictFiles are read by machines, each alone: they must not say met of a run that failed.
var VerdictFiles = []string{MetricsFile, JUnitFile}

// output is one file of a run and what writes it.
type output struct {
	name   string
	render func(io.Writer, Record) error
}

// WriteAll writes the record and every report of it into the folder, which is made where it is
// missing. A file is there whole or not at all. One report that cannot be written does not keep the
// others from being written; the error names all that failed. VerdictFiles come last, and only when all
// others are there.
func WriteAll(dir string, r Record) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write reports: %w", err)
	}
	var errs []error
	for _, f := range append([]output{
		{RecordFile, JSON},
		{MarkdownFile, Markdown},
		{HTMLFile, HTML},
		{PDFFile, PDF},
	}, incidents(r)...) {
		errs = append(errs, writeOne(filepath.Join(dir, f.name), r, f.render))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if err := writeOne(filepath.Join(dir, MetricsFile), r, Metrics); err != nil {
		return err
	}
	return writeOne(filepath.Join(dir, JUnitFile), r, JUnit)
}

// writeOne renders into memory first: a renderer that fails leaves the earlier file as it was.
func writeOne(path string, r Record, render func(io.Writer, Record) error) error {
	var b bytes.Buffer
	err := render(&b, r)
	if err == nil {
		err = ReplaceFile(path, b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write reports: %s: %w", filepath.Base(path), err)
	}
	return nil
}

// ReplaceFile puts the content at the path by way of a temporary file in the same folder: it is there whole
// or as it was before. Who may read it is for the umask to say, as with all files of a run.
func ReplaceFile(path string, content []byte) (err error) {
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text())
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary))
		}
	}()
	if err := fillFile(f, content); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// fillFile writes, syncs and closes the file.
func fillFile(f *os.File, content []byte) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
