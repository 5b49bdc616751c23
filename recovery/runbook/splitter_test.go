package runbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// split feeds the text in chunks of the given size and returns the pieces.
func split(text string, chunk int) []piece {
	var pieces []piece
	s := splitter{take: func(p piece) { pieces = append(pieces, p) }}
	for part := range slices.Chunk([]byte(text), chunk) {
		s.write(part)
	}
	s.flush()
	return pieces
}

// joined are the lines that pieces make.
func joined(pieces []piece) []string {
	var lines []string
	for _, p := range pieces {
		if p.begins {
			lines = append(lines, "")
		}
		lines[len(lines)-1] += p.text
	}
	return lines
}

func TestSplit(t *testing.T) {
	const bad = "\uFFFD"
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"\n", []string{""}},
		{"a", []string{"a"}},
		{"a\n", []string{"a"}},
		{"a\nb", []string{"a", "b"}},
		{"a\r\nb\r\n", []string{"a", "b"}},
		{"a\rb\r", []string{"a", "b"}},
		{"a\rb\nc", []string{"a", "b", "c"}},
		{"a\n\rb", []string{"a", "", "b"}},
		{"a\r\r\nb", []string{"a", "", "b"}},
		{"\r\n\r\n", []string{"", ""}},
		{"a\tb\x00c\x7fd\u0085e", []string{"a\tb" + bad + "c" + bad + "d" + bad + "e"}},
		{"\xff\xe2\x82\nx", []string{bad + bad + bad, "x"}},
		{"€\xe2\x82", []string{"€" + bad + bad}},
	}
	for _, tt := range tests {
		for chunk := 1; chunk <= 4; chunk++ {
			if got := joined(split(tt.text, chunk)); !slices.Equal(got, tt.want) {
				t.Errorf("%q by %d bytes: %q, want %q", tt.text, chunk, got, tt.want)
			}
		}
	}
}

func TestSplitCutsLongLinesBetweenRunes(t *testing.T) {
	for shift := range 4 {
		text := strings.Repeat("x", shift) + strings.Repeat("😀", maxPiece) + "\nnext\n"
		pieces := split(text, 1000)
		if len(pieces) < 4 {
			t.Fatalf("a line of %d bytes came in %d pieces", len(text), len(pieces))
		}
		lines := joined(pieces)
		if want := strings.Split(strings.TrimSuffix(text, "\n"), "\n"); !slices.Equal(lines, want) {
			t.Errorf("shifted by %d: the pieces do not make the line", shift)
		}
	}
}

func FuzzSplitter(f *testing.F) {
	f.Add([]byte("==> a\r\nb\rc\x00\xff"), 3)
	f.Add([]byte(strings.Repeat("€", maxPiece/2)), 5000)
	f.Add([]byte(strings.Repeat("x", maxPiece)+"\n"), maxPiece)
	f.Fuzz(func(t *testing.T, data []byte, chunk int) {
		if chunk < 1 || chunk > 1<<20 {
			chunk = 1
		}
		pieces := split(string(data), chunk)
		if got, want := joined(pieces), reference(string(data)); !slices.Equal(got, want) {
			t.Errorf("lines %q, want %q", got, want)
		}
		if whole := split(string(data), max(1, len(data))); !slices.Equal(pieces, whole) {
			t.Error("the pieces depend on how the text came")
		}
		if err := wellFormed(pieces); err != nil {
			t.Error(err)
		}
	})
}

// reference splits a text that is there as a whole.
func reference(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = clean([]byte(line))
	}
	return lines
}

func wellFormed(pieces []piece) error {
	begins := true
	for i, p := range pieces {
		if p.begins != begins {
			return fmt.Errorf("piece %d begins a line: %v, want %v", i, p.begins, begins)
		}
		begins = p.ends
		if !utf8.ValidString(p.text) || strings.ContainsFunc(p.text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			return fmt.Errorf("piece %d is not text: %q", i, p.text)
		}
		// A replaced byte takes three.
		if len(p.text) > 3*maxPiece {
			return fmt.Errorf("piece %d has %d bytes", i, len(p.text))
		}
	}
	if !begins {
		return fmt.Errorf("the last line has no end")
	}
	return nil
}
