package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
)

// signer is the key to sign with; nil where none is named. A key in the run's own folder would be part of
// what is passed on, and a history there would change with the next run.
func (o runOptions) signer(dir string) (*attest.Signer, error) {
	if o.history != "" && within(filepath.Dir(o.history), dir) {
		return nil, usage("--history %s: it lies in the run's folder, whose files are sealed; keep it elsewhere", o.history)
	}
	if o.key == "" {
		return nil, nil
	}
	if within(o.key, dir) {
		return nil, usage("--key %s: it lies in the run's folder, which is passed on; keep it elsewhere", o.key)
	}
	signer, err := attest.ReadSigner(o.key)
	if err != nil {
		return nil, usage("--key: %w", err)
	}
	return &signer, nil
}

// seal writes the manifest and signs it, and says whether the run is signed. Damage that it finds is not
// wrapped: it ends drdrill verify with exit code 1, and a run that is not whole proves nothing.
func seal(ctx context.Context, dir string, record reports.Record, signer *attest.Signer) (news string, err error) {
	if err := attest.Seal(ctx, dir, record, signer); err != nil {
		return "The run is unsigned.", errors.Join(fmt.Errorf("the run is not whole: %s", err.Error()), withdraw(dir))
	}
	if signer == nil {
		return "The run is unsigned: a later change of its files cannot be told. drdrill key new makes a key for --key.", nil
	}
	return fmt.Sprintf("The run is signed by the key %s.", signer.KeyID()), nil
}
