package recovery_test

import (
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestShortened(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
	}{
		{"", 9, ""},
		{"ninechars", 9, "ninechars"},
		{"ten–chars!", 9, "ten … rs!"},
		{"where it came up: a long story of what was tried: the cause", 21, "where it  … the cause"},
	} {
		if got := recovery.Shortened(tt.text, tt.most); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                       "0 s",
		400 * time.Microsecond:                  "0 s",
		759 * time.Millisecond:                  "759 ms",
		3704*time.Millisecond + 300:             "3.704 s",
		59999600 * time.Microsecond:             "1 min",
		4*time.Minute + 759*time.Millisecond:    "4 min 0.759 s",
		24 * time.Hour:                          "24 h",
		time.Hour + 2*time.Second:               "1 h 2 s",
		-90 * time.Second:                       "-1 min 30 s",
		999*time.Millisecond + time.Millisecond: "1 s",
	} {
		if got := recovery.Words(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
