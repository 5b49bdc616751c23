package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports/attest"
)

func newVerify(p program) *cobra.Command {
	var key string
	cmd := &cobra.Command{
		Use:   "verify RUN-DIR|BUNDLE --key PUB",
		Short: "Check that a signed run is as it was signed",
		Long: `Check that every file of a run's folder, or of a bundle of it, is as it was signed. It needs
neither a network nor an engine.

The key is the public one of whoever signed, as you got it from them. A key from the run's own
folder is refused: whoever changed the files could have put it there.

Exit codes: 0 all is as it was signed, whatever the run's verdict; 1 it is not, and the first file
that differs, is missing or is extra is named; 2 the key or the bundle cannot be read.`,
		Example: `  drdrill verify drill-results/20261123-081500-3fa9 --key drdrill.pub
  drdrill verify 20261123-081500-3fa9.tar.zst --key drdrill.pub`,
		Args: oneArg("folder or bundle"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.verify(cmd.Context(), args[0], key) },
	}
	cmd.Flags().StringVar(&key, "key", "", "the public key of whoever signed, a `file`")
	return cmd
}

func (p program) verify(ctx context.Context, path, keyFile string) error {
	if keyFile == "" {
		return usage("verify needs --key: the public key of whoever signed the run")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return usage("verify: %w", err)
	}
	if within(keyFile, path) {
		return usage("--key %s: it came with the run; give the key that you got from whoever signed", keyFile)
	}
	key, err := attest.ReadVerifier(keyFile)
	if err != nil {
		return err
	}
	m, err := attest.Verify(ctx, path, key)
	if err != nil {
		return err
	}
	return p.print(fmt.Sprintf("Run %s is as it was signed: %d files, by the key %s.\nIts verdict is %s.\n",
		m.Run.ID, len(m.Files), key.KeyID(), acceptedWords(m.Run.Verdict, m.Run.Accepted)))
}

// within says whether a file lies in a folder, links followed.
func within(file, dir string) bool {
	path, err := filepath.Rel(real(dir), real(file))
	return err == nil && filepath.IsLocal(path)
}

// real is the absolute path, without links where something is there.
func real(path string) string {
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		path = followed
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path) // the working directory is gone: nothing relative can be opened either
	}
	return full
}
