package governance

import (
	"fmt"
	"time"
)

// Date is a day without a time; zero is none.
type Date struct{ day time.Time }

// NewDate is that day.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// IsZero says that no day is stated.
func (d Date) IsZero() bool { return d.day.IsZero() }

// Time is the beginning of the day in UTC.
func (d Date) Time() time.Time { return d.day }

// String is the day as 2026-11-23; empty for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.day.Format(time.DateOnly)
}

// MarshalText is String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// dateForm is what a date looks like. It is in the schema.
const dateForm = `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`

// UnmarshalText reads a day of the form 2026-11-23; an empty text is none.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	day, err := time.Parse(time.DateOnly, string(text))
	if err != nil || day.IsZero() {
		return fmt.Errorf("%q is no date: give a day that there is, as 2026-11-23", brief(string(text)))
	}
	*d = Date{day}
	return nil
}
