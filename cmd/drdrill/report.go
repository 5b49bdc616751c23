package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports"
)

func newReport(p program) *cobra.Command {
	return &cobra.Command{
		Use:   "report DIR",
		Short: "Render the reports of a finished run again",
		Long: `Render the reports of a finished run again, from the record.json in its folder and from nothing
else, and print the run's table. The exit code says whether that worked: 0 whatever the verdict.`,
		Example: `  drdrill report drill-results/20261123-081500-3fa9`,
		Args:    oneArg("folder"),
		RunE:    func(_ *cobra.Command, args []string) error { return p.reportAgain(args[0]) },
	}
}

func (p program) reportAgain(dir string) error {
	record, err := readRecord(filepath.Join(dir, reports.RecordFile))
	if err != nil {
		return usage("report %s: %w", dir, err)
	}
	if err := reports.WriteAll(dir, record); err != nil {
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
