package pdf

import (
	"strings"
	"testing"
)

// FuzzWrap holds that no line is wider than the room, and that no character is lost.
func FuzzWrap(f *testing.F) {
	f.Add("some words of a sentence", 40.0)
	f.Add(strings.Repeat("endless", 40), 30.0)
	f.Add("evidence/postgres-kill/restart-postgres.log", 60.0)
	f.Add("a\u00a0b \xff\x00 \n\n tab\t中", 25.0)
	f.Fuzz(func(t *testing.T, s string, width float64) {
		if !(width >= 20 && width <= 1000) || len(s) > 4000 {
			t.Skip()
		}
		lines := wrap(s, body, width)
		if len(lines) == 0 {
			t.Fatal("no line")
		}
		for _, l := range lines {
			if w := body.width(l); w > width+1e-6 {
				t.Errorf("%q is %.1f wide, of %.1f", l, w, width)
			}
		}
		squeeze := strings.NewReplacer(" ", "", "\n", "").Replace
		if got, want := squeeze(strings.Join(lines, "")), squeeze(shown(s)); got != want {
			t.Errorf("wrapped %q, want %q", got, want)
		}
	})
}
