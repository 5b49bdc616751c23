package attest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

// aRecord is a record as another package's golden file holds it.
func aRecord(t testing.TB, name string) reports.Record {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", name+".json.golden"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	record, err := reports.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range record.Drills {
		record.Drills[i].Evidence = nil // it is not there
	}
	return record
}

// keys makes a pair and reads it.
func keys(t testing.TB) (Signer, Verifier) {
	t.Helper()
	dir := t.TempDir()
	if _, err := NewKey(dir); err != nil {
		t.Fatal(err)
	}
	signer, err := ReadSigner(filepath.Join(dir, PrivateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ReadVerifier(filepath.Join(dir, PublicKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func write(t testing.TB, dir, path, content string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(path))
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(content), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// aRun is a small run's folder, signed, and the key to verify it with.
func aRun(t testing.TB) (dir string, key Verifier) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	signer, key := keys(t)
	record := aRecord(t, "missed")
	write(t, dir, "record.json", "{}\n")
	write(t, dir, "report.md", "# Missed\n")
	write(t, dir, "evidence/redis-kill/probe.csv", strings.Repeat("1,2,\n", 40))
	write(t, dir, "evidence/redis-kill/empty.log", "")
	if err := Seal(t.Context(), dir, record, &signer); err != nil {
		t.Fatal(err)
	}
	return dir, key
}

// damage is the one in the error, for comparisons.
func damage(t testing.TB, err error) Damage {
	t.Helper()
	var found *Damage
	if !errors.As(err, &found) {
		t.Fatalf("error %v names no damage", err)
	}
	return *found
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestVerifySigned(t *testing.T) {
	dir, key := aRun(t)
	m, err := Verify(t.Context(), dir, key)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 4 || m.Run.Verdict != reports.Missed || m.Run.Seed != "42" || len(m.Images) != 2 || len(m.Scripts.Files) != 2 {
		t.Errorf("manifest %+v", m)
	}
	if m.Versions.Servers["postgres"] == nil || m.Scripts.Revisions.Own.Absent == "" {
		t.Errorf("versions %+v, revisions %+v", m.Versions, m.Scripts.Revisions)
	}
}

func TestVerifyNamesTheFirstFile(t *testing.T) {
	const probe = "evidence/redis-kill/probe.csv"
	for name, tt := range map[string]struct {
		do         func(t *testing.T, dir string)
		path, what string
	}{
		"a changed byte":        {func(t *testing.T, dir string) { write(t, dir, "report.md", "# Mis5ed\n") }, "report.md", "SHA-256"},
		"another size":          {func(t *testing.T, dir string) { write(t, dir, "report.md", "# Met\n") }, "report.md", "6 bytes, want 9"},
		"a removed file":        {remove(probe), probe, "missing"},
		"an extra file":         {func(t *testing.T, dir string) { write(t, dir, "evidence/more.csv", "") }, "evidence/more.csv", "extra"},
		"a hidden extra file":   {func(t *testing.T, dir string) { write(t, dir, ".x", "") }, ".x", "extra"},
		"the first of two":      {func(t *testing.T, dir string) { write(t, dir, "report.md", ""); write(t, dir, probe, "") }, probe, "differs"},
		"no manifest":           {remove(ManifestFile), ManifestFile, "missing"},
		"no statement":          {remove(RehearsalFile), RehearsalFile, "not signed"},
		"no other statement":    {remove(TestResultFile), TestResultFile, "not signed"},
		"statements exchanged":  {exchange, RehearsalFile, "states"},
		"a link in its place":   {link, "report.md", "not a regular file"},
		"a changed manifest":    {edit(ManifestFile, `"missed"`, `"met"`), ManifestFile, "differs from the one"},
		"a changed statement":   {edit(RehearsalFile, `"payload":"e`, `"payload":"f`), RehearsalFile, "signature"},
		"an unsigned field":     {edit(RehearsalFile, `{"payloadType"`, `{"note":1,"payloadType"`), RehearsalFile, "not as drdrill writes it"},
		"another key's name":    {edit(RehearsalFile, `"keyid":"`, `"keyid":"0`), RehearsalFile, "not by the one given"},
		"a blank in the JSON":   {edit(RehearsalFile, `{"payloadType"`, `{ "payloadType"`), RehearsalFile, "not as drdrill writes it"},
		"a line after the JSON": {edit(TestResultFile, "\n", "\n\n"), TestResultFile, "not as drdrill writes it"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, key := aRun(t)
			tt.do(t, dir)
			_, err := Verify(t.Context(), dir, key)
			if d := damage(t, err); d.Path != tt.path || !strings.Contains(d.What, tt.what) {
				t.Errorf("%q: %q, want %q: %q", d.Path, d.What, tt.path, tt.what)
			}
		})
	}
}

func remove(path string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			t.Fatal(err)
		}
	}
}

func edit(path, from, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		before := string(read(t, filepath.Join(dir, path)))
		after := strings.Replace(before, from, to, 1)
		if before == after {
			t.Fatalf("%s holds no %q", path, from)
		}
		write(t, dir, path, after)
	}
}

func copyFile(t *testing.T, from, to, path string) {
	write(t, to, path, string(read(t, filepath.Join(from, path))))
}

func exchange(t *testing.T, dir string) {
	one, other := read(t, filepath.Join(dir, RehearsalFile)), read(t, filepath.Join(dir, TestResultFile))
	write(t, dir, RehearsalFile, string(other))
	write(t, dir, TestResultFile, string(one))
}

func link(t *testing.T, dir string) {
	elsewhere := t.TempDir()
	copyFile(t, dir, elsewhere, "report.md")
	remove("report.md")(t, dir)
	if err := os.Symlink(filepath.Join(elsewhere, "report.md"), filepath.Join(dir, "report.md")); err != nil {
		t.Fatal(err)
	}
}

// A statement of the same key about another run is no statement about this one.
func TestVerifyStatementOfAnotherRun(t *testing.T) {
	signer, key := keys(t)
	var dirs [2]string
	for i := range dirs {
		dirs[i] = t.TempDir()
		write(t, dirs[i], "record.json", strings.Repeat("{}", i+1))
		if err := Seal(t.Context(), dirs[i], aRecord(t, "met"), &signer); err != nil {
			t.Fatal(err)
		}
	}
	copyFile(t, dirs[1], dirs[0], TestResultFile)
	_, err := Verify(t.Context(), dirs[0], key)
	if d := damage(t, err); d.Path != ManifestFile || !strings.Contains(d.What, TestResultFile) {
		t.Errorf("damage %+v", d)
	}
}

func TestVerifyWithAnotherKey(t *testing.T) {
	dir, _ := aRun(t)
	_, other := keys(t)
	_, err := Verify(t.Context(), dir, other)
	if d := damage(t, err); d.Path != RehearsalFile || !strings.Contains(d.What, other.KeyID()) {
		t.Errorf("damage %+v", d)
	}
}

func TestVerifyUnsigned(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "record.json", "{}")
	if err := Seal(t.Context(), dir, aRecord(t, "met"), nil); err != nil {
		t.Fatal(err)
	}
	_, key := keys(t)
	_, err := Verify(t.Context(), dir, key)
	if d := damage(t, err); d.Path != RehearsalFile || !strings.Contains(d.What, "not signed") {
		t.Errorf("damage %+v", d)
	}
	if signed, err := Signed(dir); signed || err != nil {
		t.Errorf("signed %t, %v", signed, err)
	}
}

func TestSealRefusesEvidenceThatWasChanged(t *testing.T) {
	dir := t.TempDir()
	record := aRecord(t, "met")
	record.Drills[0].Evidence = []reports.Evidence{{Path: "evidence/a.log", SHA256: strings.Repeat("0", 64)}}
	write(t, dir, "evidence/a.log", "changed")
	err := Seal(t.Context(), dir, record, nil)
	if d := damage(t, err); d.Path != "evidence/a.log" {
		t.Errorf("damage %+v", d)
	}
	if _, err := os.Lstat(filepath.Join(dir, ManifestFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a manifest was written: %v", err)
	}
}

// The same run makes the same manifest and the same signatures: Ed25519 has no chance in it.
func TestSealIsDeterministic(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "record.json", "{}")
	signer, _ := keys(t)
	var before []byte
	for range 3 {
		if err := Seal(t.Context(), dir, aRecord(t, "met"), &signer); err != nil {
			t.Fatal(err)
		}
		now := append(read(t, filepath.Join(dir, RehearsalFile)), read(t, filepath.Join(dir, TestResultFile))...)
		if before != nil && !bytes.Equal(before, now) {
			t.Fatal("sealed twice, the statements differ")
		}
		before = now
	}
}
