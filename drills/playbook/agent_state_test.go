package playbook

import (
	"errors"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
)

func TestCompareForeignKeys(t *testing.T) {
	before := []string{"a validated, check on runs on", "b validated, check on vectors on"}
	for name, tt := range map[string]struct {
		before, after []string
		held, judged  bool
	}{
		"as before":       {before, before, true, true},
		"one more":        {before, append([]string{"c"}, before...), true, true},
		"one is gone":     {before, before[:1], false, true},
		"not validated":   {before, []string{before[0], "b not validated, check on vectors on"}, false, true},
		"triggers off":    {before, []string{"a validated, check on runs off", before[1]}, false, true},
		"nothing to hold": {nil, before, false, false},
	} {
		_, err := compareForeignKeys(tt.before, tt.after)
		if held, judged := err == nil, err == nil || errors.Is(err, drills.ErrViolated); held != tt.held || judged != tt.judged {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDamageIsNamed(t *testing.T) {
	site := func(change string, to string) drills.Site {
		s := drills.Site{
			Damage: faults.Damage{
				Removed: make([]faults.Row, 3), Altered: make([]faults.Row, 4), Unsaved: make([]faults.Row, 2), Stray: make([]faults.Row, 5),
				Found: map[string]int{"runs_without_agent": 7},
			},
			Facts: map[string]string{
				"found_runs_without_agent": "9", "brought_back_rows": "3", "repaired_from_backup": "4", "repaired_by_rule": "2", "quarantined_rows": "5", "unrestored_rows": "0",
			},
		}
		s.Facts[change] = to
		return s
	}
	if _, err := damageIsNamed().After(t.Context(), site("", "")); err != nil {
		t.Error(err)
	}
	for fact, wrong := range map[string]string{
		"found_runs_without_agent": "6", "brought_back_rows": "4", "repaired_from_backup": "3", "repaired_by_rule": "", "quarantined_rows": "0", "unrestored_rows": "1",
	} {
		if _, err := damageIsNamed().After(t.Context(), site(fact, wrong)); !errors.Is(err, drills.ErrViolated) {
			t.Errorf("%s is stated as %q: %v", fact, wrong, err)
		}
	}
}
