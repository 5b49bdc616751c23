package governance

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/netresearch/go-cron"
)

// Schedule says when a backup is taken: an interval such as 4m, or a cron expression of five fields,
// in UTC. Zero is none.
type Schedule struct {
	text    string
	longest time.Duration
}

// crontab is cron as the manual page crontab(5) has it: of day of the month and weekday one suffices.
var crontab = cron.MustNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom)

// IsZero says that no schedule is stated.
func (s Schedule) IsZero() bool { return s.text == "" }

// String is the schedule as it was stated.
func (s Schedule) String() string { return s.text }

// Longest is the longest time between the beginnings of two backups.
func (s Schedule) Longest() time.Duration { return s.longest }

// Every is the schedule of an interval.
func Every(interval time.Duration) Schedule {
	return Schedule{Duration(interval).String(), interval}
}

// MarshalText is String.
func (s Schedule) MarshalText() ([]byte, error) { return []byte(s.text), nil }

// UnmarshalText reads an interval or a cron expression.
func (s *Schedule) UnmarshalText(text []byte) error {
	read, err := parseSchedule(string(text))
	if err != nil {
		return fmt.Errorf("%q is no schedule: %w", brief(string(text)), err)
	}
	*s = read
	return nil
}

// scheduleForm is what a schedule looks like: a duration, or five fields. It is also in the schema.
const scheduleForm = durationForm + `|^[0-9a-zA-Z*,/-]+( +[0-9a-zA-Z*,/-]+){4}$`

var scheduleText = regexp.MustCompile(scheduleForm)

func parseSchedule(text string) (Schedule, error) {
	if !scheduleText.MatchString(text) {
		return Schedule{}, errors.New(`give an interval such as 4m or 24h, or the five fields of cron in UTC such as "0 2 * * *"`)
	}
	if !strings.Contains(text, " ") {
		interval, err := parseDuration(text)
		if err == nil && interval == 0 {
			err = errors.New("an interval is more than 0s")
		}
		return Schedule{text, interval}, err
	}
	times, err := crontab.Parse(text)
	if err != nil {
		return Schedule{}, err
	}
	longest, ok := longestGap(times)
	if !ok {
		return Schedule{}, errors.New("it names no day that there is")
	}
	return Schedule{text, longest}, nil
}

// longestGap is the longest time between two neighbouring times of the schedule; false when it has none.
// Every day that it takes has the same times, so that the days of a whole cycle of the calendar and the
// times of one day are enough.
func longestGap(times cron.Schedule) (time.Duration, bool) {
	const cycle = 28 // years, after which days of the week and leap days come again
	start := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	first := times.Next(start.Add(-time.Minute))
	if first.IsZero() {
		return 0, false
	}
	last, longest := first, time.Duration(0)
	for next := times.Next(last); !next.IsZero() && sameDay(first, next); next = times.Next(last) {
		longest = max(longest, next.Sub(last))
		last = next
	}
	night := last.Sub(first) // from a day's first time to its last
	for day := first; day.Before(start.AddDate(cycle, 0, 0)); {
		next := times.Next(day.Add(night))
		if next.IsZero() {
			return 0, false
		}
		longest = max(longest, next.Sub(day)-night)
		day = next
	}
	return longest, true
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }
