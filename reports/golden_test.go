package reports

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// formats are all renderers, by the end of their golden files' names.
var formats = []struct {
	ext    string
	render func(io.Writer, Record) error
}{
	{"json", JSON}, {"xml", JUnit}, {"md", Markdown}, {"html", HTML}, {"txt", Table}, {"prom", Metrics}, {"incident", allIncidents},
}

func TestGolden(t *testing.T) {
	for _, s := range samples() {
		for _, f := range formats {
			t.Run(s.name+"."+f.ext, func(t *testing.T) {
				var got bytes.Buffer
				if err := f.render(&got, s.record); err != nil {
					t.Fatal(err)
				}
				compare(t, filepath.Join("testdata", s.name+"."+f.ext+".golden"), got.Bytes())
			})
		}
	}
}

// compare holds the bytes against a golden file, or writes it.
func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./reports -update", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at the difference, then run go test ./reports -update\n%s", path, difference(got, want))
	}
}

// difference shows the first line in which two texts differ.
func difference(got, want []byte) string {
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			return "got:  " + string(g[i]) + "\nwant: " + string(w[i])
		}
	}
	return "one of them is longer"
}
