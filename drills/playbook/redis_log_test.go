package playbook

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
)

func TestCompareNamed(t *testing.T) {
	many := make([]int, 20)
	for i := range many {
		many[i] = i
	}
	for _, tt := range []struct {
		name        string
		named, lost []int
		there       []recovery.Row
		found       bool // a finding against the procedure
		says        string
	}{
		{"all", many, many, nil, false, "it names 20, among them 20 of the 20"},
		{"but those in the damaged bytes", many[2:], many, nil, false, "18 of the 20"},
		{"more that were never acknowledged", many, many[:15], nil, false, "it names 20, among them 15 of the 15"},
		{"too few", many[10:], many, nil, true, "10 of 20 lost ones are not among them, such as memory-00000000"},
		{"none", nil, many[:3], nil, true, "3 of 3"},
		{"others", []int{91, 92, 93}, many[:3], nil, true, "3 of 3"},
		{"one that is there", append(slices.Clone(many), 30), many, []recovery.Row{{Seq: 30}}, true, "1 of the 21 that it names are there"},
		{"where none is lost", many, nil, nil, false, "nothing to compare"},
	} {
		detail, err := compareNamed(tt.named, tt.lost, tt.there)
		if err != nil {
			detail = err.Error()
		}
		if errors.Is(err, drills.ErrViolated) != tt.found || !strings.Contains(detail, tt.says) {
			t.Errorf("%s: %q, want %q", tt.name, detail, tt.says)
		}
	}
}

func TestNamedWrites(t *testing.T) {
	named := namedWrites("cogitator:memory:memory-00000007\ncogitator:memory:strange\n\ncogitator:memory:memory-00000012\n")
	if !slices.Equal(named, []int{7, 12}) {
		t.Errorf("%v", named)
	}
}
