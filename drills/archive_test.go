package drills

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

func TestCompareArchives(t *testing.T) {
	before := []archive.Digest{{Table: "agents", Rows: 2, Sum: "10"}, {Table: "runs", Rows: 0, Sum: "0"}}
	for name, tt := range map[string]struct {
		before, after []archive.Digest
		held, judged  bool
	}{
		"as before":            {before, before, true, true},
		"another content":      {before, []archive.Digest{{Table: "agents", Rows: 2, Sum: "11"}, before[1]}, false, true},
		"a row less":           {before, []archive.Digest{{Table: "agents", Rows: 1, Sum: "10"}, before[1]}, false, true},
		"a row from nowhere":   {before, []archive.Digest{before[0], {Table: "runs", Rows: 1, Sum: "5"}}, false, true},
		"a table is not read":  {before, before[:1], false, false},
		"nothing taken before": {nil, nil, false, false},
		"tables mixed up":      {before, []archive.Digest{before[1], before[0]}, false, false},
	} {
		_, err := compareArchives(tt.before, tt.after)
		if held, judged := err == nil, err == nil || errors.Is(err, ErrViolated); held != tt.held || judged != tt.judged {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStores(t *testing.T) {
	d := Drill{Labels: []string{"scenario=worker", "store=redis", "store=postgres"}}
	if got := d.Stores(); len(got) != 2 || got[0] != "redis" || got[1] != "postgres" {
		t.Errorf("stores %v", got)
	}
}
