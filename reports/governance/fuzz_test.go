package governance

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// Whatever the file holds, it is either a plan that survives the record or told what is wrong with it,
// at a place that it has.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		whole, "", "---\n", "a: b", "- a\n- b", "scope:\n\tx", "targets: {rto: {redis: 5m}}", "targets: {backups: {redis: '0 0 31 2 *'}}",
		"? a\n: b", "*x", "&x a", "!!map {}", "\"\\x00\"", "{a: [}", "nextDrill: 2027-02-01 # later", "<<: *a", "assumptions: >-\n  folded\n  text\n", "%YAML 1.2\n---\n{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		plan, err := Parse("f", content, known)
		if err != nil {
			checkRefusal(t, content, err)
			return
		}
		written, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		var again Plan
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatalf("%v: %s", err, written)
		}
		if !reflect.DeepEqual(plan, &again) {
			t.Errorf("read %+v\nagain %+v", plan, &again)
		}
	})
}

func checkRefusal(t *testing.T, content []byte, err error) {
	var invalid *InvalidError
	if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
		t.Fatalf("got %v", err)
	}
	lines := strings.Count(string(content), "\n") + 1
	for _, p := range invalid.Problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message == "" || p.Excerpt == "" {
			t.Errorf("problem %+v of %d lines", p, lines)
		}
	}
}
