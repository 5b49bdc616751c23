package reports

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The words that stand where a figure is missing. They are never a zero: a zero is a result.
const (
	notMeasured  = "not measured"
	notRestored  = "not restored"
	notProjected = "not projected"
	notStated    = "not stated"
	notRecorded  = "not recorded"
)

const (
	minute = 60.0
	hour   = 60 * minute
	day    = 24 * hour
)

// duration words a number of seconds for people: 840 ms, 12.3 s, 4 min 1 s. A value that is no
// number reads as not measured.
func duration(seconds float64) string {
	switch s := seconds; {
	case math.IsNaN(s) || math.IsInf(s, 0):
		return notMeasured
	case s < 0:
		return "−" + duration(-s)
	case s == 0:
		return "0 s"
	case s < 0.5e-6:
		return "< 1 µs"
	case s < 999.5e-6:
		return decimals(s*1e6, 0) + " µs"
	case s < 9.95e-3:
		return decimals(s*1e3, 1) + " ms"
	case s < 0.9995:
		return decimals(s*1e3, 0) + " ms"
	case s < 59.95:
		return decimals(s, 1) + " s"
	default:
		return longDuration(math.Round(s))
	}
}

// longDuration words whole seconds of a minute or more. Seconds stay until two days are reached: a
// loss window of a day and twelve seconds misses a target of a day, and must be seen to.
func longDuration(seconds float64) string {
	if seconds >= 1000*day {
		return "over 1,000 d"
	}
	units := []struct {
		name string
		size int64
	}{{"h", int64(hour)}, {"min", int64(minute)}, {"s", 1}}
	if seconds >= 2*day {
		units[0].name, units[0].size = "d", int64(day)
		units[1].name, units[1].size = "h", int64(hour)
		units[2].name, units[2].size = "min", int64(minute)
	}
	rest := int64(seconds)
	var words []string
	for _, u := range units {
		if n := rest / u.size; n > 0 {
			words = append(words, strconv.FormatInt(n, 10)+" "+u.name)
		}
		rest %= u.size
	}
	return strings.Join(words, " ")
}

// decimals writes a number with at most n decimals and without a trailing zero.
func decimals(v float64, n int) string {
	s := strconv.FormatFloat(v, 'f', n, 64)
	if n > 0 {
		s = strings.TrimSuffix(s, "."+strings.Repeat("0", n))
	}
	return s
}

// figure words a measured number of seconds, or says what is missing.
func figure(seconds *float64, missing string) string {
	if seconds == nil {
		return missing
	}
	return duration(*seconds)
}

// against words a figure that is held against a target. Where rounding would make a miss look like
// the target itself, the excess is spelt out: 1 h + 310 ms.
func against(seconds *float64, target float64, missing string) string {
	words := figure(seconds, missing)
	if seconds != nil && *seconds > target && target > 0 && words == duration(target) {
		return words + " + " + duration(*seconds-target)
	}
	return words
}

// plusMinus words a measured figure with its uncertainty, and gives it the decimals that the
// uncertainty allows.
func plusMinus(seconds *float64, uncertainty float64, missing string) string {
	if seconds == nil {
		return missing
	}
	words := duration(*seconds)
	if uncertainty < 0.1 && *seconds >= 0.9995 && *seconds < 59.95 {
		words = decimals(*seconds, 2) + " s"
	}
	return words + " ± " + duration(uncertainty)
}

// unit matches a figure and its unit of time.
var unit = regexp.MustCompile(`(\d) (µs|ms|s|min|h|d)\b`)

// tied keeps figures and their units on one line, by a space that does not break.
func tied(words string) string { return unit.ReplaceAllString(words, "$1\u00a0$2") }

// offset words an instant relative to another: +12.3 s, −840 ms, 0.
func offset(seconds float64) string {
	switch {
	case seconds == 0:
		return "0"
	case seconds > 0:
		return "+" + duration(seconds)
	default:
		return duration(seconds)
	}
}

// count writes a whole number with separators: 12,345.
func count[N int | uint64](n N) string {
	digits := fmt.Sprintf("%d", n)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plural writes a number and its noun: 1 drill, 9 drills.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// bytesSize words a number of bytes in binary units.
func bytesSize(n uint64) string {
	const kibi = 1024
	if n < kibi {
		return count(n) + " B"
	}
	v, prefix := float64(n)/kibi, 0
	for v >= kibi && prefix < len("KMGTPE")-1 {
		v /= kibi
		prefix++
	}
	return decimals(v, 1) + " " + "KMGTPE"[prefix:prefix+1] + "iB"
}

// instant words a point in time, in UTC.
func instant(t time.Time) string {
	if t.IsZero() {
		return notRecorded
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// elapsed words the time between two instants, or says that one of them is missing.
func elapsed(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return notRecorded
	}
	return duration(to.Sub(from).Seconds())
}

// verdictWords are the verdict as a reader says it. What is no verdict is not proven.
func verdictWords(verdict string) string {
	switch verdict {
	case Met, Missed:
		return verdict
	default:
		return "not proven"
	}
}

// exitWords say how a step ended.
func exitWords(s Step) string {
	if s.TimedOut {
		return "timed out"
	}
	return strconv.Itoa(s.ExitCode)
}
