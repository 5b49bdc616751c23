package governance

import (
	"fmt"
	"strings"
	"time"
)

// Duration is a length of time that is not negative.
type Duration time.Duration

// longest is more than a plan can mean. What is computed from it does not overflow.
const longest = 10 * 365 * 24 * time.Hour

// Std is the standard library's.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String is the duration without parts that are zero: 5m, 1h30m, 24h, 0s.
func (d Duration) String() string {
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// MarshalText is String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a number and its unit, or several: 30s, 5m, 1h30m, 24h.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	switch {
	case err != nil || !strings.ContainsAny(string(text), "smh"): // the library takes 0 without a unit
		return fmt.Errorf("%q is no duration: give a number and its unit, such as 30s, 5m, 1h30m or 24h", brief(string(text)))
	case parsed < 0:
		return fmt.Errorf("%q is negative: give 0s or more", text)
	case parsed > longest:
		return fmt.Errorf("%q is more than ten years", text)
	}
	*d = Duration(parsed)
	return nil
}
