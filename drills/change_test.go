package drills

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/fixtures/inventory"
)

func TestOnlyDeclaredChangesAreRight(t *testing.T) {
	before := inventory.Inventory{"setting fsync": "on", "role app": "LOGIN"}
	after := inventory.Inventory{"setting fsync": "off", "role app": "LOGIN"}
	for _, tt := range []struct {
		name     string
		declared []Change
		found    bool
	}{
		{"nothing is declared", nil, true},
		{"this is declared", []Change{{Of: "setting fsync was on, is off"}}, false},
		{"another change of it is declared", []Change{{Of: "setting fsync was off, is on"}}, true},
		{"only a part of what differs is declared", []Change{{Of: "setting fsync"}}, true},
	} {
		if _, err := unchanged(before, after, tt.declared); errors.Is(err, ErrViolated) != tt.found {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := unchanged(inventory.Inventory{}, after, nil); err == nil || errors.Is(err, ErrViolated) {
		t.Errorf("an inventory that was empty before the fault: %v, want that the check could not be made", err)
	}
}

// A change is declared by all that differs, not by what a reader is shown of it.
func TestADeclaredChangeIsNoLongerThanItIs(t *testing.T) {
	long := strings.Repeat("x ", 200)
	before, after := inventory.Inventory{"file": "a"}, inventory.Inventory{"file": long + "intruder"}
	declared := []Change{{Of: "file was a, is (x )+x…?"}}
	if _, err := unchanged(before, after, declared); !errors.Is(err, ErrViolated) {
		t.Errorf("%v: what lies beyond the end of what is shown is not seen", err)
	}
}

func TestAReasonQuotesTheFirstDifferencesAndTheProofAll(t *testing.T) {
	var all Differences
	for i := range 12 {
		all = append(all, fmt.Sprintf("thing %c is gone", 'a'+i))
	}
	if brief := finding(all); !strings.Contains(brief, "12 differences, the first 10") || strings.Contains(brief, "thing k") {
		t.Error(brief)
	}
	if !strings.Contains(all.Error(), "thing l is gone") {
		t.Error(all.Error())
	}
}

func TestDifferencesThatAreAlikeAreCounted(t *testing.T) {
	got := alike(Differences{
		"row public.runs runs-01 is gone", "row public.runs runs-02 is gone", "row public.runs runs-03 was another one, is changed",
		"redis: redis: key a:1 is gone", "redis: redis: key a:2 is gone", "setting a1 was on, is off", "setting a2 was on, is off",
	})
	want := []string{
		"row public.runs runs-01 is gone (and 1 more like it)", "row public.runs runs-03 was another one, is changed",
		"redis: redis: key a:1 is gone (and 1 more like it)", "setting a1 was on, is off", "setting a2 was on, is off",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}
