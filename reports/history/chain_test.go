package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

var epoch = time.Date(2026, 1, 5, 8, 15, 0, 0, time.UTC)

// summary is a run of one drill, days after the epoch.
func summary(days int, verdict string, rto ...float64) Summary {
	s := Summary{ID: fmt.Sprintf("run-%d", days), StartedAt: epoch.AddDate(0, 0, days), Verdict: verdict, Scale: "small", Parallel: 1}
	for i, seconds := range rto {
		s.Results = append(s.Results, Result{
			Drill: "redis-kill", Repetition: i + 1, Verdict: verdict, Scripts: []string{"restart-redis.sh"},
			RTO: reports.RTO{TargetSeconds: 300, MeasuredSeconds: &seconds, Verdict: reports.Met},
		})
	}
	return s
}

// chained are the lines of a history of n runs, without their ends.
func chained(t testing.TB, n int) [][]byte {
	t.Helper()
	var lines [][]byte
	previous := ""
	for i := range n {
		line, err := encode(Entry{Schema: Schema, Number: i + 1, Previous: previous, Run: summary(i, reports.Met, 1.5)})
		if err != nil {
			t.Fatal(err)
		}
		lines, previous = append(lines, line), digest(line)
	}
	return lines
}

// file puts lines together as they stand in a file.
func file(lines ...[]byte) []byte {
	return append(bytes.Join(lines, []byte("\n")), '\n')
}

func numbers(c Chain) (list []int) {
	for _, e := range c.Entries {
		list = append(list, e.Number)
	}
	return list
}

func TestUnbrokenChain(t *testing.T) {
	lines := chained(t, 4)
	c := Parse(file(lines...))
	if len(c.Damage) > 0 || c.Next != 5 || c.Head != digest(lines[3]) || !slices.Equal(numbers(c), []int{1, 2, 3, 4}) {
		t.Errorf("got %+v", c)
	}
	if !c.Holds(digest(lines[1])) || c.Holds(digest(nil)) {
		t.Error("an entry is not told from none")
	}
	if e, ok := c.Find("run-2"); !ok || e.Number != 3 || e.Hash != digest(lines[2]) {
		t.Errorf("found %+v", e)
	}
	if c := Parse(nil); len(c.Damage) > 0 || c.Next != 1 || c.Head != "" {
		t.Errorf("an empty history: %+v", c)
	}
}

// Every byte of a history is altered in turn: the line that holds it is named.
func TestAlteredByteIsNamed(t *testing.T) {
	whole := file(chained(t, 3)...)
	for at := range whole {
		for _, to := range []byte{whole[at] ^ 1, whole[at] ^ 0x20, '\n', 0} {
			if to == whole[at] {
				continue
			}
			altered := slices.Clone(whole)
			altered[at] = to
			line := 1 + bytes.Count(whole[:at], []byte("\n"))
			c := Parse(altered)
			if len(c.Damage) == 0 {
				t.Fatalf("byte %d of %d to %q: not found", at, len(whole), to)
			}
			if c.Damage[0].Line != line || !strings.Contains(c.Damage[0].What, fmt.Sprintf("entry %d", line)) {
				t.Fatalf("byte %d, in line %d, to %q: %v", at, line, to, c.Damage)
			}
		}
	}
}

// Every byte is taken out, and one is put in before every byte: the line is named.
func TestByteTooFewOrTooManyIsNamed(t *testing.T) {
	whole := file(chained(t, 3)...)
	for at := range whole {
		line := 1 + bytes.Count(whole[:at], []byte("\n"))
		for name, spoilt := range map[string][]byte{
			"without": slices.Concat(whole[:at], whole[at+1:]),
			"twice":   slices.Concat(whole[:at], whole[at:at+1], whole[at:]),
			"space":   slices.Concat(whole[:at], []byte(" "), whole[at:]),
			"end":     slices.Concat(whole[:at], []byte("\n"), whole[at:]),
		} {
			c := Parse(spoilt)
			if len(c.Damage) == 0 || c.Damage[0].Line < line || c.Damage[0].Line > line+1 {
				t.Fatalf("byte %d, in line %d, %s: %v", at, line, name, c.Damage)
			}
		}
	}
}

// Every cut of the file's end is named, unless it is between two lines.
func TestCutEndIsNamed(t *testing.T) {
	whole := file(chained(t, 3)...)
	for size := range whole {
		c := Parse(whole[:size])
		between := size == 0 || whole[size-1] == '\n'
		if between != (len(c.Damage) == 0) {
			t.Fatalf("cut after %d bytes: %v", size, c.Damage)
		}
		if !between && !strings.Contains(c.Damage[0].What, fmt.Sprintf("entry %d is cut off", 1+bytes.Count(whole[:size], []byte("\n")))) {
			t.Fatalf("cut after %d bytes: %v", size, c.Damage)
		}
	}
}

func TestDeletedEntriesAreNamed(t *testing.T) {
	lines := chained(t, 6)
	for from := range 5 {
		for to := from + 1; to < 6; to++ {
			c := Parse(file(slices.Concat(lines[:from], lines[to:])...))
			want := fmt.Sprintf("entry %d is not before entry %d", from+1, to+1)
			if to > from+1 {
				want = fmt.Sprintf("entries %d to %d are not before entry %d", from+1, to, to+1)
			}
			if len(c.Damage) != 1 || !strings.Contains(c.Damage[0].What, want) {
				t.Errorf("without lines %d to %d: %v", from+1, to, c.Damage)
			}
		}
	}
}

func TestMovedEntriesAreNamed(t *testing.T) {
	for a := range 5 {
		for b := a + 1; b < 5; b++ {
			lines := chained(t, 5)
			lines[a], lines[b] = lines[b], lines[a]
			c := Parse(file(lines...))
			all := fmt.Sprint(c.Damage)
			for _, moved := range []int{a + 1, b + 1} {
				if !strings.Contains(all, fmt.Sprintf("entry %d", moved)) && !strings.Contains(all, fmt.Sprintf("entries %d to", moved)) {
					t.Errorf("entries %d and %d swapped; %d is not named: %v", a+1, b+1, moved, c.Damage)
				}
			}
		}
	}
}

func TestEntryTwiceIsNamed(t *testing.T) {
	lines := chained(t, 3)
	c := Parse(file(lines[0], lines[1], lines[1], lines[2]))
	if len(c.Damage) == 0 || !strings.Contains(c.Damage[0].What, "entry 2 stands after entry 2") {
		t.Errorf("got %v", c.Damage)
	}
}

// Whoever alters an entry and takes its digest anew is found out by the entry after it.
func TestReplacedEntryIsNamed(t *testing.T) {
	lines := chained(t, 3)
	e, err := decode(lines[1])
	if err != nil {
		t.Fatal(err)
	}
	e.Run.Verdict = reports.Missed
	if lines[1], err = encode(e); err != nil {
		t.Fatal(err)
	}
	c := Parse(file(lines...))
	if len(c.Damage) != 1 || c.Damage[0].Line != 3 || !strings.Contains(c.Damage[0].What, "entry 2 was replaced") {
		t.Errorf("got %v", c.Damage)
	}
	lines = chained(t, 3)
	e, _ = decode(lines[0])
	e.Previous = digest([]byte("earlier"))
	lines[0], _ = encode(e)
	if c := Parse(file(lines...)); len(c.Damage) != 2 || !strings.Contains(c.Damage[0].What, "the history began earlier") {
		t.Errorf("got %v", c.Damage)
	}
}

func TestEntryOfAnotherVersion(t *testing.T) {
	line, err := encode(Entry{Schema: "drdrill/history/v9", Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	c := Parse(file(line))
	if len(c.Damage) != 1 || !strings.Contains(c.Damage[0].What, `schema "drdrill/history/v9", want "drdrill/history/v1"`) {
		t.Errorf("got %v", c.Damage)
	}
}

// FuzzParse holds that nothing breaks the reader, and that what it takes for an unbroken chain is one:
// its entries are all there, in order.
func FuzzParse(f *testing.F) {
	lines := chained(f, 3)
	f.Add(file(lines...))
	f.Add(file(lines[0], lines[2]))
	f.Add(file(lines...)[:700])
	f.Add([]byte("\n\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := Parse(data)
		if lines := bytes.Count(data, []byte("\n")); len(c.Damage) == 0 && len(c.Entries) != lines {
			t.Fatalf("%d entries in %d lines, and no damage", len(c.Entries), lines)
		}
		for i, e := range c.Entries {
			if len(c.Damage) == 0 && e.Number != i+1 {
				t.Fatalf("entry %d stands at %d", e.Number, i+1)
			}
		}
	})
}
