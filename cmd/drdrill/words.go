package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// words is a duration as people write it: 840 ms, 12.3 s, 5 min, 1 h 30 min, 24 h.
func words(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + words(-d)
	case d == 0:
		return "0 s"
	case d < 999500*time.Microsecond:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < 59950*time.Millisecond:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	}
	var parts []string
	rest := int64(d.Round(time.Second) / time.Second)
	for _, unit := range []struct {
		name string
		size int64
	}{{"h", 3600}, {"min", 60}, {"s", 1}} {
		if n := rest / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
		}
		rest %= unit.size
	}
	return strings.Join(parts, " ")
}

// amount is a large round number as people write it: 10 thousand, 1 million; any other as it is.
func amount(n int) string {
	switch {
	case n > 0 && n%1_000_000 == 0:
		return fmt.Sprintf("%d million", n/1_000_000)
	case n > 0 && n%1_000 == 0:
		return fmt.Sprintf("%d thousand", n/1_000)
	default:
		return strconv.Itoa(n)
	}
}

// clock is a running time with a width that does not jump: 0:07, 12:34, 1:02:03.
func clock(d time.Duration) string {
	s := int64(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// tenths is a running time to a tenth of a second: 7.3 s, 1:07.3.
func tenths(d time.Duration) string {
	d = max(d, 0)
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	}
	return fmt.Sprintf("%s.%d", clock(d), d/(100*time.Millisecond)%10)
}

// oneLine makes text that came from elsewhere fit for one line of a terminal: white space is a
// space, control characters go.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// fold breaks a text into lines of at most width bytes, at white space; a longer word keeps a line
// to itself. A text that fits stays as it is.
func fold(text string, width int) []string {
	if len(text) <= width {
		return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	}
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && len(lines[last])+1+len(word) <= width {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}
