package main

import (
	"slices"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                "0 s",
		840 * time.Millisecond:           "840 ms",
		999700 * time.Microsecond:        "1 s",
		1532 * time.Millisecond:          "1.5 s",
		59960 * time.Millisecond:         "1 min",
		5 * time.Minute:                  "5 min",
		61 * time.Second:                 "1 min 1 s",
		90 * time.Minute:                 "1 h 30 min",
		24 * time.Hour:                   "24 h",
		-2 * time.Second:                 "-2 s",
		time.Hour + 400*time.Millisecond: "1 h",
	} {
		if got := words(d); got != want {
			t.Errorf("words(%d): got %q, want %q", d, got, want)
		}
	}
}

func TestRunningTimes(t *testing.T) {
	for _, c := range []struct {
		d             time.Duration
		clock, tenths string
	}{
		{-time.Second, "0:00", "0.0 s"},
		{7390 * time.Millisecond, "0:07", "7.3 s"},
		{67390 * time.Millisecond, "1:07", "1:07.3"},
		{3723900 * time.Millisecond, "1:02:03", "1:02:03.9"},
	} {
		if got := clock(c.d); got != c.clock {
			t.Errorf("clock(%s): got %q, want %q", c.d, got, c.clock)
		}
		if got := tenths(c.d); got != c.tenths {
			t.Errorf("tenths(%s): got %q, want %q", c.d, got, c.tenths)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"runs     0 s", []string{"runs     0 s"}},
		{"one two three four", []string{"one two", "three four"}},
		{"a word-that-is-longer than", []string{"a", "word-that-is-longer", "than"}},
	} {
		if got := fold(c.text, 12); !slices.Equal(got, c.want) {
			t.Errorf("fold(%q): got %q, want %q", c.text, got, c.want)
		}
	}
}
