package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
	"github.com/cogitator-ai/drdrill/reports/history/index"
)

// keep writes the record and its reports, and enters the run into the history. Both happen while no
// other run is entered, so that the record can say what came before it. It returns news for the end
// of the run. A history that cannot be written does not keep the reports from being written.
func (p program) keep(ctx context.Context, plan drills.Plan, o runOptions, record *reports.Record) (news []string, err error) {
	path := historyBeside(plan.Dir, o.history)
	var unwritten error
	told := false
	entry, err := history.Append(path, func(chain history.Chain) (history.Entry, error) {
		records, findings := history.KeptBeside(path)
		findings = append(findings, history.UnfinishedBeside(path, plan.Dir)...)
		chain.Inform(record, append(findings, chain.Against(records)...))
		told, unwritten = true, reports.WriteAll(plan.Dir, *record)
		return history.EntryOf(*record, filepath.Join(plan.Dir, reports.RecordFile))
	})
	if !told {
		record.Findings = append(record.Findings, fmt.Sprintf("The run is in no history: %s.", err))
		unwritten = reports.WriteAll(plan.Dir, *record)
	}
	if unwritten != nil {
		unwritten = fmt.Errorf("write the reports to %s: %w", plan.Dir, unwritten)
	}
	if err = errors.Join(unwritten, err); err != nil {
		return nil, errors.Join(err, withdraw(plan.Dir))
	}
	return p.historyNews(context.WithoutCancel(ctx), path, entry, *record), nil
}

// withdraw removes the reports that machines read alone: a run that ends as failed must not be met there.
func withdraw(dir string) error {
	var errs []error
	for _, name := range reports.VerdictFiles {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("the run failed, and its %s stays: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// historyNews say where the run was entered and that there is something to be looked at.
func (p program) historyNews(ctx context.Context, path string, entry history.Entry, record reports.Record) []string {
	news := append(baselineNews(record), fmt.Sprintf("%s: entry %d, sha256 %s", path, entry.Number, entry.Hash))
	if n := len(record.Findings); n > 0 {
		news = append(news, fmt.Sprintf("%s from the history: see the report, or drdrill history", quantity(n, "finding")))
	}
	chain, err := history.Read(path)
	if err == nil {
		_, err = index.Refresh(ctx, path, chain)
	}
	if err != nil { // the index can be made anew at any time
		news = append(news, "note: "+err.Error())
	}
	return news
}
