package governance

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "30s": 30 * time.Second, "5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "24h": 24 * time.Hour, "1h0m1s": time.Hour + time.Second,
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.Std() != want || d.String() != text {
			t.Errorf("%q is %s (%v), want %s", text, d, err, want)
		}
	}
	for text, complaint := range map[string]string{"": "no duration", "5": "no duration", "five": "no duration", "1d": "no duration", "-5m": "no duration", "5 m": "no duration", "0": "no duration", "1us": "no duration", "87601h": "longer than ten", "9999999999h": "longer than ten"} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%q: got %v, want %q", text, err, complaint)
		}
	}
}

func TestDate(t *testing.T) {
	for _, text := range []string{"2026-11-23", "2028-02-29", ""} {
		var d Date
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != text || d.IsZero() != (text == "") {
			t.Errorf("%q is %s (%v)", text, d, err)
		}
	}
	for _, text := range []string{"23.11.2026", "2026-13-01", "2026-02-29", "2026-1-1", "0001-01-01", "soon", "2026-11-23T00:00:00Z"} {
		var d Date
		if err := d.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), "is no date") {
			t.Errorf("%q is %s (%v), want an error", text, d, err)
		}
	}
}

// The longest time between two backups is what a failure can cost.
func TestSchedule(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"4m": 4 * time.Minute, "24h": day, "90s": 90 * time.Second,
		"* * * * *":          time.Minute,
		"*/4 * * * *":        4 * time.Minute,
		"*/7 * * * *":        7 * time.Minute, // and 4 minutes over the hour
		"0,10,30 * * * *":    30 * time.Minute,
		"0 2 * * *":          day,
		"0 1,13 * * *":       12 * time.Hour,
		"30 8-18 * * *":      14 * time.Hour, // overnight
		"0 2 * * 1-5":        3 * day,        // over a weekend
		"0 2 * * mon":        7 * day,
		"0 0 1 * *":          31 * day,
		"0 0 31 * *":         61 * day,                // from March to May
		"0 2 1 * sun":        7 * day,                 // the first, or a Sunday: one suffices
		"0 0 28 2 sun":       345 * day,               // from 2020, a leap year, to the first Sunday of February 2021
		"0 0 29 2 *":         (4*365 + 1) * day,       // leap days
		"15,45 6 1,15 */2 *": 48*day - time.Minute*30, // from the 15th of July to the 1st of September
	} {
		var s Schedule
		if err := s.UnmarshalText([]byte(text)); err != nil || s.Longest() != want || s.String() != text {
			t.Errorf("%q: longest %s (%v), want %s", text, s.Longest(), err, want)
		}
	}
	for text, complaint := range map[string]string{
		"": "give an interval", "daily": "give an interval", "0s": "more than 0s", "-4m": "give an interval", "87601h": "longer than ten", "@daily": "give an interval",
		"0 2 * *": "give an interval", "0 0 2 * * *": "give an interval", "61 * * * *": "above maximum", "0 0 30 2 *": "no day that there is",
		"CRON_TZ=Europe/Berlin 0 2 * * *": "in UTC",
	} {
		var s Schedule
		if err := s.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%q: got %v, want %q", text, err, complaint)
		}
	}
}

// A plan survives the record, an empty list as well.
func TestPlanAsJSON(t *testing.T) {
	plan := Plan{
		Scope: Scope{System: "Cogitator", Excludes: []Exclusion{}}, Runbook: Runbook{Version: "7", Reviewed: NewDate(2026, 9, 1)},
		Targets: Targets{
			RTO: map[Scenario]Duration{"redis": Duration(5 * time.Minute)}, RPO: map[Class]Duration{"runs": 0},
			Backups: map[Backup]Schedule{"redis": Every(50 * time.Minute)},
		},
	}
	first, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"scope":{"system":"Cogitator","excludes":[]},"runbook":{"version":"7","reviewed":"2026-09-01"},` +
		`"targets":{"rto":{"redis":"5m"},"rpo":{"runs":"0s"},"backups":{"redis":"50m"}}}`
	if string(first) != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
	var again Plan
	if err := json.Unmarshal(first, &again); err != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(again); err != nil || string(second) != want {
		t.Errorf("read again: %s (%v)", second, err)
	}
	if again.Scope.Excludes == nil || again.Targets.Backups["redis"].Longest() != 50*time.Minute {
		t.Errorf("read again: %+v", again)
	}
}
