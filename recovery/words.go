package recovery

import (
	"strconv"
	"strings"
	"time"
)

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
