package playbook

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

func TestCatalogueRecall(t *testing.T) {
	var known [][]string
	for _, q := range archive.Questions() {
		known = append(known, q.Answer)
	}
	found := func(n int) archive.Recall { return archive.Recall{Wanted: 500, Found: n} }
	for name, tt := range map[string]struct {
		before, after neighbours
		held, judged  bool
	}{
		"as before":                 {neighbours{found(490), known}, neighbours{found(490), known}, true, true},
		"within the noise":          {neighbours{found(490), known}, neighbours{found(440), known}, true, true},
		"worse than the noise":      {neighbours{found(500), known}, neighbours{found(440), known}, false, true},
		"too little":                {neighbours{found(410), known}, neighbours{found(395), known}, false, true},
		"another exact answer":      {neighbours{found(490), known}, neighbours{found(490), append([][]string{{"x"}}, known[1:]...)}, false, true},
		"no answers":                {neighbours{found(490), known}, neighbours{found(490), nil}, false, true},
		"little found before":       {neighbours{found(300), known}, neighbours{found(490), known}, false, false},
		"nothing taken down":        {neighbours{}, neighbours{found(490), known}, false, false},
		"another answer beforehand": {neighbours{found(490), append([][]string{{"x"}}, known[1:]...)}, neighbours{found(490), known}, false, false},
	} {
		_, err := compareRecall(tt.before, tt.after)
		if held, judged := err == nil, err == nil || errors.Is(err, drills.ErrViolated); held != tt.held || judged != tt.judged {
			t.Errorf("%s: %v", name, err)
		}
	}
}
