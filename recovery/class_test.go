package recovery_test

import (
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
)

func TestEachClassHasALedgerBookOfItsOwn(t *testing.T) {
	var ledger recovery.Ledger
	for i, class := range recovery.Classes() {
		for range i + 1 {
			ledger.Issue(class, 0)
		}
	}
	for i, class := range recovery.Classes() {
		if got := ledger.Len(class); got != i+1 {
			t.Errorf("%s: %d writes, want %d", class, got, i+1)
		}
	}
}

func TestUnknownClassIsAMistakeInTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a write of an unknown class was taken")
		}
	}()
	new(recovery.Ledger).Issue("nonsense", 0)
}
