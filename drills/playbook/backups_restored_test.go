package playbook

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
)

// This needs no engine: it runs as the catalogue's tests do.
func TestCatalogueComparesRestoredContent(t *testing.T) {
	runs := func(h ...recovery.Hash) fixtures.Content {
		return fixtures.Content{"runs": h, "agents": {9}}
	}
	for name, tt := range map[string]struct {
		before, now, restored fixtures.Content
		held, judged          bool
	}{
		"the same":                        {runs(1, 2), runs(1, 2), runs(1, 2), true, true},
		"of an instant in between":        {runs(1), runs(1, 2, 3), runs(1, 2), true, true},
		"a row lacks":                     {runs(1, 2), runs(1, 2, 3), runs(1, 3), false, true},
		"a row is another":                {runs(1, 2), runs(1, 2), runs(1, 5), false, true},
		"a row too many":                  {runs(1, 2), runs(1, 2), runs(1, 2, 5), false, true},
		"a row twice":                     {runs(1, 2), runs(1, 2), runs(1, 2, 2), false, true},
		"one that the source changed":     {runs(1, 2), runs(1, 3), runs(1, 2), true, true},
		"more than the source changed":    {runs(1, 2), runs(1, 3), runs(1, 2, 5), false, true},
		"a table lacks":                   {runs(1), runs(1), fixtures.Content{"runs": {1}}, false, true},
		"a table too many":                {runs(1), runs(1), fixtures.Content{"runs": {1}, "agents": {9}, "copy": {1}}, false, true},
		"nothing was there to begin with": {fixtures.Content{}, runs(1), runs(1), false, false},
	} {
		err := sameContent(tt.before, tt.now, tt.restored)
		if (err == nil) != tt.held || err != nil && errors.Is(err, drills.ErrViolated) != tt.judged {
			t.Errorf("%s: %v", name, err)
		}
	}
}
