package faults

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
)

// DamagePages overwrites bytes in pages of the table of runs behind the server's back, as a disk or a
// controller does that has gone bad. It counts as a hit once the server has read them and said so: what is in
// its cache would hide the damage, and be written over it.
type DamagePages struct{}

// Describe implements Fault.
func (DamagePages) Describe() string {
	return "bytes overwritten in a table's file, behind the server's back"
}

//go:embed pages.sh
var damagePages string

// Inject implements Fault.
func (DamagePages) Inject(ctx context.Context, t Target) (string, error) {
	if len(t.Runs) == 0 {
		return "", fmt.Errorf("%w: there is no row to damage", ErrNothingHit)
	}
	var octal strings.Builder
	for range 16 {
		fmt.Fprintf(&octal, `\%03o`, t.Rand.IntN(256))
	}
	set := fmt.Sprintf("ids='{%s}' bytes='%s'\n", strings.Join(t.Runs, ","), octal.String())
	return breakOn(ctx, t.System, "postgres", set+damagePages)
}
