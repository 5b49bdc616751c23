package reports

import (
	"bytes"
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

// output is one file of a run and what writes it.
type output struct {
	name   string
	render func(io.Writer, Record) error
}

// WriteAll writes the record and every report of it into the folder, which is made where it is
// missing. A file is there whole or not at all. One report that cannot be written does not keep the
// others from being written; the error names all that failed.
func WriteAll(dir string, r Record) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write reports: %w", err)
	}
	var errs []error
	for _, f := range append([]output{
		{RecordFile, JSON},
		{JUnitFile, JUnit},
		{MarkdownFile, Markdown},
		{HTMLFile, HTML},
		{PDFFile, PDF},
		{MetricsFile, Metrics},
	}, incidents(r)...) {
		if err := writeOne(filepath.Join(dir, f.name), r, f.render); err != nil {
			errs = append(errs, fmt.Errorf("write reports: %w", err))
		}
	}
	return errors.Join(errs...)
}

// writeOne renders into memory first: a renderer that fails leaves the earlier file as it was.
func writeOne(path string, r Record, render func(io.Writer, Record) error) error {
	var b bytes.Buffer
	if err := render(&b, r); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return ReplaceFile(path, b.Bytes())
}

// ReplaceFile puts the content at the path by way of a temporary file in the same folder: it is there whole
// or as it was before.
func ReplaceFile(path string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := fillFile(f, content); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// fillFile writes, syncs and closes the file, and makes it readable for everybody.
func fillFile(f *os.File, content []byte) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
