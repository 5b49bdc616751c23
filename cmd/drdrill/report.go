package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
)

func newReport(p program) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Render the reports of a finished run again",
		Long: `Render the reports of a finished run again, from the record.json in its folder and from nothing
else, and print the run's table. The exit code says whether that worked: 0 whatever the verdict.

The files of a signed run stay as they were signed: name another folder for its reports with --out.
An unsigned run gets a new manifest, unless its evidence is no longer what the record says.`,
		Example: `  drdrill report drill-results/20261123-081500-3fa9
  drdrill report drill-results/20261123-081500-3fa9 --out rendered-again`,
		Args: oneArg("folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportAgain(cmd.Context(), args[0], out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write to this `folder` (default: DIR, unless its run is signed)")
	return cmd
}

func (p program) reportAgain(ctx context.Context, dir, out string) error {
	record, err := readRecord(filepath.Join(dir, reports.RecordFile))
	if err != nil {
		return usage("report %s: %w", dir, err)
	}
	if out == "" || within(out, dir) && within(dir, out) {
		return p.renderOver(ctx, dir, record)
	}
	if within(out, dir) || within(filepath.Dir(out), dir) {
		return usage("--out %s: it lies in the run's folder; name another", out)
	}
	if _, err := makeFolder(out); err != nil {
		return err
	}
	if err := reports.WriteAll(out, record); err != nil {
		return fmt.Errorf("report %s: %w", dir, err)
	}
	return result(p.stdout, out, record)
}

// renderOver renders in the run's own folder. A manifest that is there is made anew: a report of another
// version has other bytes. A signature could not be, so a signed run is left alone.
func (p program) renderOver(ctx context.Context, dir string, record reports.Record) error {
	signed, err := attest.Signed(dir)
	if err != nil {
		return fmt.Errorf("report %s: %w", dir, err)
	}
	if signed {
		return usage("report %s: the run is signed, and new reports would not be; name another folder with --out", dir)
	}
	sealed, err := attest.Sealed(dir)
	if err == nil && sealed {
		err = attest.CheckEvidence(dir, record)
	}
	if err == nil {
		err = reports.WriteAll(dir, record)
	}
	if err == nil && sealed {
		err = attest.Seal(ctx, dir, record, nil)
	}
	if err != nil {
		return fmt.Errorf("report %s: %w", dir, err)
	}
	return result(p.stdout, dir, record)
}

func readRecord(path string) (reports.Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return reports.Record{}, err
	}
	defer func() { _ = f.Close() }() // it was only read: nothing can be lost
	return reports.Read(f)
}
