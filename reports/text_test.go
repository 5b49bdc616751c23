package reports

import (
	"strings"
	"testing"
	"unicode"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"a\r\nb\rc":                        "a\nb\nc",
		"\x1b[1;31mred\x1b[0m":             "red",
		"\x1b]0;title\x07x\x1b]8;;u\x1b\\": "x",
		"\x1b":                             "<U+001B>",
		"nul\x00":                          "nul<U+0000>",
		"\u202Egnp.exe":                    "<U+202E>gnp.exe",
		"bad\xff":                          "bad\uFFFD",
		"tab\tkept, é too":                 "tab\tkept, é too",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[31m\x1b]0;x\x07\xff\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range plain(s) {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("plain(%q) holds %U", s, r)
			}
		}
	})
}

func TestInlineIsNoMarkup(t *testing.T) {
	for in, want := range map[string]string{
		"plain words":    "plain words",
		"a | b":          "a &#124; b",
		"<b>&":           "&#60;b&#62;&#38;",
		"@somebody #12":  "@<!-- -->somebody #<!-- -->12",
		"a @ b # c":      "a @ b # c",
		"- a list":       "&#45; a list",
		"1. a list":      "&#49;. a list",
		"two\n\nlines":   "two lines",
		"[x](y) `z` *w*": "&#91;x&#93;(y) &#96;z&#96; &#42;w&#42;",
	} {
		if got := inline(in); got != want {
			t.Errorf("inline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFenceIsLongerThanAnyInTheText(t *testing.T) {
	for in, want := range map[string]string{"": "```", "``": "```", "a ```` b ``": "`````"} {
		if got := fenceFor(in); got != want {
			t.Errorf("fenceFor(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSmallTexts(t *testing.T) {
	if got := slug("Scenario 3: PostgreSQL, failure!"); got != "scenario-3-postgresql-failure" {
		t.Errorf("slug: %q", got)
	}
	if got := clipped("naïveté", 4); got != "naï…" {
		t.Errorf("clipped: %q", got)
	}
	if got := clipped("x", 0); got != "…" {
		t.Errorf("clipped to nothing: %q", got)
	}
	if tail, cut := lastLines("a\nb\nc\n", 2); tail != "b\nc" || !cut {
		t.Errorf("lastLines: %q, %t", tail, cut)
	}
	if tail, cut := lastLines("a\n", 2); tail != "a" || cut {
		t.Errorf("lastLines: %q, %t", tail, cut)
	}
	if got := cell(strings.Repeat("<", 31)); strings.Contains(string(got), "<<") || !strings.Contains(string(got), "<wbr>") {
		t.Errorf("cell: %q", got)
	}
}
