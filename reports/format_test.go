package reports

import (
	"math"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{0, "0 s"},
		{1e-300, "< 1 µs"},
		{420e-6, "420 µs"},
		{999.4e-6, "999 µs"},
		{999.6e-6, "1 ms"},
		{.0084, "8.4 ms"},
		{.00996, "10 ms"},
		{.84, "840 ms"},
		{.9994, "999 ms"},
		{.9996, "1 s"},
		{12, "12 s"},
		{12.34, "12.3 s"},
		{59.94, "59.9 s"},
		{59.96, "1 min"},
		{60, "1 min"},
		{241, "4 min 1 s"},
		{3599.4, "59 min 59 s"},
		{3599.6, "1 h"},
		{3600, "1 h"},
		{86400, "24 h"},
		{86412, "24 h 12 s"},
		{2 * 86400, "2 d"},
		{30*86400 + 3700, "30 d 1 h 1 min"},
		{1e300, "over 1,000 d"},
		{-.25, "−250 ms"},
		{math.NaN(), notMeasured},
		{math.Inf(1), notMeasured},
		{math.Inf(-1), notMeasured},
	} {
		if got := duration(c.seconds); got != c.want {
			t.Errorf("duration(%v) = %q, want %q", c.seconds, got, c.want)
		}
	}
}

func TestMissingFiguresAreNoZero(t *testing.T) {
	for got, want := range map[string]string{
		figure(nil, notMeasured):          notMeasured,
		against(nil, 60, notProjected):    notProjected,
		plusMinus(nil, .01, notRestored):  notRestored,
		elapsed(time.Time{}, time.Time{}): notRecorded,
		instant(time.Time{}):              notRecorded,
		rtoWords(RTO{TargetSeconds: 60}):  notRestored,
		rpoWords(RPO{Judged: "observed"}): notMeasured,
		lostWords(Drill{}):                notMeasured,
		lostWords(Drill{RPO: []RPO{{}}}):  notMeasured,
		foundWords(RPO{}, 0):              notMeasured,
		engineWords(Engine{}):             notRecorded,
		deadlineWords(Step{}):             "none",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{against(seconds(3600.31), 3600, ""), "1 h + 310 ms"},
		{against(seconds(3599.9), 3600, ""), "1 h"},
		{against(seconds(.2), 0, ""), "200 ms"},
		{plusMinus(seconds(2.316), .014, ""), "2.32 s ± 14 ms"},
		{plusMinus(seconds(.84), .012, ""), "840 ms ± 12 ms"},
		{plusMinus(seconds(241), .012, ""), "4 min 1 s ± 12 ms"},
		{plusMinus(seconds(12.34), .5, ""), "12.3 s ± 500 ms"},
		{offset(0), "0"},
		{offset(2), "+2 s"},
		{offset(-2), "−2 s"},
		{count(0), "0"},
		{count(999), "999"},
		{count(1000), "1,000"},
		{count(-1234567), "−1,234,567"},
		{count(uint64(math.MaxUint64)), "18,446,744,073,709,551,615"},
		{plural(1, "drill"), "1 drill"},
		{plural(0, "drill"), "0 drills"},
		{bytesSize(0), "0 B"},
		{bytesSize(1023), "1,023 B"},
		{bytesSize(16 << 30), "16 GiB"},
		{bytesSize(math.MaxUint64), "16 EiB"},
		{tied("4 min 1 s of 24 h, 3 drills"), "4\u00a0min 1\u00a0s of 24\u00a0h, 3 drills"},
		{exitWords(Step{ExitCode: 137}), "137"},
		{exitWords(Step{ExitCode: 137, TimedOut: true}), "timed out"},
		{verdictWords("nonsense"), "not proven"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
