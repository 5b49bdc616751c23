package recovery

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Shortened is a text of at most the given number of characters: what is too long loses its middle, since errors
// begin with where they came up and end with their cause.
func Shortened(text string, most int) string {
	const cut = " … "
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	kept := most - utf8.RuneCountInString(cut)
	return string(runes[:kept/2]) + cut + string(runes[len(runes)-(kept-kept/2):])
}

// Words writes a duration to the millisecond as people do: 0 s, 759 ms, 3.704 s, 4 min 0.759 s, 24 h. Nothing is
// rounded beyond that: a window that is a little over its target has to look so.
func Words(d time.Duration) string {
	d = d.Round(time.Millisecond)
	switch {
	case d < 0:
		return "-" + Words(-d)
	case d == 0:
		return "0 s"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	var parts []string
	if hours := d / time.Hour; hours > 0 {
		parts = append(parts, strconv.FormatInt(int64(hours), 10)+" h")
		d -= hours * time.Hour
	}
	if minutes := d / time.Minute; minutes > 0 {
		parts = append(parts, strconv.FormatInt(int64(minutes), 10)+" min")
		d -= minutes * time.Minute
	}
	if d > 0 {
		parts = append(parts, strconv.FormatFloat(float64(d.Milliseconds())/1000, 'f', -1, 64)+" s")
	}
	return strings.Join(parts, " ")
}
