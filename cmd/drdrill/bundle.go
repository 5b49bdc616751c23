package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports/attest"
)

func newBundle(p program) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "bundle DIR",
		Short: "Pack a run's folder into one file",
		Long: `Pack a run's folder, with its signature, into one file that drdrill verify reads and that
tar --zstd -xf unpacks. The same folder makes the same bytes each time. A folder whose files are
not those of its manifest is not packed, and a file that is there is not written over.`,
		Example: `  drdrill bundle drill-results/20261123-081500-3fa9
  drdrill bundle drill-results/20261123-081500-3fa9 --out for-the-auditor.tar.zst`,
		Args: oneArg("folder"),
		RunE: func(_ *cobra.Command, args []string) error { return p.bundle(args[0], out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "write to this `file` (default: DIR"+attest.BundleSuffix+")")
	return cmd
}

func (p program) bundle(dir, out string) error {
	if info, err := os.Stat(dir); err != nil {
		return usage("bundle: %w", err)
	} else if !info.IsDir() {
		return usage("bundle %s: not a folder", dir)
	}
	if out == "" {
		beside := filepath.Clean(dir)
		if !filepath.IsAbs(beside) && strings.HasPrefix(filepath.Base(beside), ".") { // such as "." or "..", which are no names
			beside, _ = filepath.Abs(beside)
		}
		out = beside + attest.BundleSuffix
	}
	if within(filepath.Dir(out), dir) {
		return usage("--out %s: it lies in the run's folder; name another", out)
	}
	signed, err := attest.Signed(dir)
	if err != nil {
		return fmt.Errorf("bundle %s: %w", dir, err)
	}
	if err := attest.Bundle(dir, out); err != nil {
		return err
	}
	text := out + "\n"
	if !signed {
		text += "The run is unsigned: drdrill verify cannot say whether the bundle was changed.\n"
	}
	return p.print(text)
}
