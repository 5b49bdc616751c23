package runbook

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestExcerptOfAShortTextIsTheText(t *testing.T) {
	var e excerpt
	for range 2 * excerptSize / 4 {
		e.add("abc\n")
	}
	if want := strings.Repeat("abc\n", 2*excerptSize/4); e.String() != want {
		t.Errorf("%d bytes of %d kept", len(e.String()), len(want))
	}
}

func TestExcerptKeepsBothEnds(t *testing.T) {
	var e excerpt
	const added = 100 * excerptSize
	for range added / 4 {
		e.add("abc\n")
		if cap(e.head)+cap(e.tail) > 8*excerptSize {
			t.Fatalf("%d bytes in memory", cap(e.head)+cap(e.tail))
		}
	}
	e.add("end")
	got := e.String()
	if !strings.HasPrefix(got, strings.Repeat("abc\n", excerptSize/4)) || !strings.HasSuffix(got, "abc\nend") {
		t.Error("the ends are not those of the text")
	}
	left := strconv.Itoa(added + len("end") - 2*excerptSize)
	if note := "[runbook] " + left + " bytes left out here"; !strings.Contains(got, note) {
		t.Errorf("%q is missing", note)
	}
}

func TestExcerptCutsBetweenRunes(t *testing.T) {
	for shift := range 4 {
		var e excerpt
		e.add(strings.Repeat("x", shift))
		for range 3 * excerptSize {
			e.add("😀")
		}
		e.add(strings.Repeat("😀", 3*excerptSize)) // and in one piece
		e.add(strings.Repeat("x", shift))
		if got := e.String(); !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError) {
			t.Errorf("shifted by %d: not valid UTF-8", shift)
		}
	}
}

func TestExcerptLineBeginsALine(t *testing.T) {
	var e excerpt
	e.line("first")
	e.add("partial")
	e.line("second")
	if want := "first\npartial\nsecond\n"; e.String() != want {
		t.Errorf("got %q, want %q", e.String(), want)
	}
}
