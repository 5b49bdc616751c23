package governance

import (
	"errors"
	"fmt"
	"regexp"
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

// UnmarshalText reads numbers, each with its unit: 30s, 5m, 1h30m, 24h.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := parseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration: %w", brief(string(text)), err)
	}
	*d = Duration(parsed)
	return nil
}

// durationForm is what a duration looks like. It is also in the schema.
const durationForm = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`

var durationText = regexp.MustCompile(durationForm)

func parseDuration(text string) (time.Duration, error) {
	if !durationText.MatchString(text) {
		return 0, errors.New("give a number and its unit, such as 30s, 5m, 1h30m or 24h")
	}
	parsed, err := time.ParseDuration(text)
	if err != nil || parsed > longest {
		return 0, errors.New("it is longer than ten years")
	}
	return parsed, nil
}
