package drills

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/fixtures"
)

// What was there before the fault is there afterwards, as it was: but for what the fault hit, and what is as old as
// retention allows it to become.
func TestCompareBackups(t *testing.T) {
	file := func(sum string) fixtures.StoredFile {
		return fixtures.StoredFile{SHA256: sum, Mode: "600", Owner: "root:root"}
	}
	before := fixtures.Stored{
		"operator:redis/redis-1/dump.rdb": file("a1"), "operator:redis/redis-1/manifest.json": file("b1"),
		"store:redis/redis-1/dump.rdb": file("a1"), "store:redis/redis-1/manifest.json": file("b1"),
	}
	next := fixtures.Stored{"operator:redis/redis-2/manifest.json": file("b2"), "store:redis/redis-2/manifest.json": file("b2")}
	without := func(gone ...string) func(fixtures.Stored) {
		return func(s fixtures.Stored) {
			maps.DeleteFunc(s, func(name string, _ fixtures.StoredFile) bool {
				for _, beginning := range gone {
					if strings.HasPrefix(name, beginning) {
						return true
					}
				}
				return false
			})
		}
	}
	for _, tt := range []struct {
		name    string
		change  func(fixtures.Stored)
		hit     []string
		expired bool
		says    string // of the finding; empty for none
	}{
		{name: "all of it is there"},
		{name: "one more", change: func(s fixtures.Stored) { maps.Copy(s, next) }},
		{name: "a file is gone", change: without("store:redis/redis-1/dump.rdb"), says: "store:redis/redis-1/dump.rdb is gone"},
		{name: "a place is empty", change: without("operator:"), says: "is gone"},
		{name: "a place is empty, as the fault left it", change: without("operator:"), hit: []string{"operator:"}},
		{name: "other content", change: func(s fixtures.Stored) { s["store:redis/redis-1/dump.rdb"] = file("a2") }, says: "is not what it was"},
		{name: "other content, as the fault left it", change: func(s fixtures.Stored) { s["store:redis/redis-1/dump.rdb"] = file("a2") }, hit: []string{"store:redis/redis-1/dump.rdb"}},
		{name: "open to everybody", change: func(s fixtures.Stored) {
			s["store:redis/redis-1/dump.rdb"] = fixtures.StoredFile{SHA256: "a1", Mode: "644", Owner: "root:root"}
		}, says: "has the mode 644"},
		{name: "somebody else's", change: func(s fixtures.Stored) {
			s["store:redis/redis-1/dump.rdb"] = fixtures.StoredFile{SHA256: "a1", Mode: "600", Owner: "nobody:root"}
		}, says: "the owner nobody:root"},
		{name: "a new one is open to everybody", change: func(s fixtures.Stored) {
			s["operator:redis/redis-2/manifest.json"] = fixtures.StoredFile{SHA256: "b2", Mode: "604"}
		}, says: "everybody may use operator:redis/redis-2/manifest.json"},
		{name: "expired", change: func(s fixtures.Stored) { without("operator:", "store:")(s); maps.Copy(s, next) }, expired: true},
		{name: "expired before its time", change: func(s fixtures.Stored) { without("operator:", "store:")(s); maps.Copy(s, next) }, says: "is gone"},
		{name: "expired, and no newer one", change: without("operator:"), expired: true, says: "is gone"},
		{name: "expired by half", change: func(s fixtures.Stored) { without("store:redis/redis-1/dump.rdb")(s); maps.Copy(s, next) }, expired: true, says: "is gone"},
	} {
		after := maps.Clone(before)
		if tt.change != nil {
			tt.change(after)
		}
		_, err := compareBackups(before, after, tt.hit, tt.expired)
		if (err == nil) != (tt.says == "") || err != nil && (!errors.Is(err, ErrViolated) || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
	if _, err := compareBackups(before, before, []string{"operator:", "store:"}, false); err == nil || errors.Is(err, ErrViolated) {
		t.Errorf("nothing to compare: %v", err)
	}
}

func TestBetween(t *testing.T) {
	before, after := fixtures.Counts{"runs": 3, "agents": 1}, fixtures.Counts{"runs": 5, "agents": 1}
	for name, tt := range map[string]struct {
		holds fixtures.Counts
		held  bool
	}{
		"as before":       {before, true},
		"as after":        {after, true},
		"too few":         {fixtures.Counts{"runs": 2, "agents": 1}, false},
		"too many":        {fixtures.Counts{"runs": 6, "agents": 1}, false},
		"a table lacks":   {fixtures.Counts{"runs": 4}, false},
		"a table is new":  {fixtures.Counts{"runs": 4, "agents": 1, "copy": 1}, false},
		"nothing":         {nil, false},
		"an empty table ": {fixtures.Counts{"runs": 4, "agents": 1, "copy": 0}, true},
	} {
		if err := between("it", before, tt.holds, after); (err == nil) != tt.held {
			t.Errorf("%s: %v", name, err)
		}
	}
}
