package faults_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/faults"
)

func TestDamagePages(t *testing.T) {
	s := &system{printed: "overwrote 16 bytes in each of the blocks 0 of runs: invalid page in block 0\n"}
	hit, err := inject(faults.DamagePages{}, s, 7)
	if err != nil || !strings.Contains(hit, "invalid page") || strings.HasSuffix(hit, "\n") {
		t.Fatalf("hit %q, error %v", hit, err)
	}
	again := &system{printed: s.printed}
	if _, err := inject(faults.DamagePages{}, again, 7); err != nil || !slices.Equal(s.calls, again.calls) {
		t.Errorf("the same seed damages in another way: %v", err)
	}
	if calls := s.called("run on postgres: ids='{r1,r2,r3,r4}' bytes='\\"); len(calls) != 1 {
		t.Errorf("calls %q", s.calls)
	}
	if _, err := inject(faults.DamagePages{}, &system{}, 7); !errors.Is(err, faults.ErrNothingHit) {
		t.Errorf("error %v where the server has met no wrong page", err)
	}
	if _, err := inject(faults.DamagePages{}, &system{fail: "run on"}, 7); !errors.Is(err, errBroken) {
		t.Errorf("error %v, want the shell's", err)
	}
	if _, err := (faults.DamagePages{}).Inject(t.Context(), faults.Target{System: s}); !errors.Is(err, faults.ErrNothingHit) {
		t.Errorf("error %v without a row", err)
	}
}

func TestOperatorError(t *testing.T) {
	s := &system{rows: map[string]int64{"DELETE FROM memory_vectors": 12}}
	hit, err := inject(faults.OperatorError{}, s, 1)
	if err != nil || !strings.Contains(hit, "12 rows") || len(s.called("sql DROP TABLE audit_logs")) != 1 {
		t.Errorf("hit %q, error %v, calls %q", hit, err, s.calls)
	}
	if _, err := inject(faults.OperatorError{}, &system{}, 1); !errors.Is(err, faults.ErrNothingHit) {
		t.Errorf("error %v where there was nothing to delete", err)
	}
	for _, statement := range []string{"sql DELETE", "sql DROP"} {
		broken := &system{rows: s.rows, fail: statement}
		if _, err := inject(faults.OperatorError{}, broken, 1); !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v, want the database's", statement, err)
		}
	}
}
