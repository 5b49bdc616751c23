package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

const runLong = `Rehearse drills and report what was measured. Without a NAME the whole catalogue is run.

Each drill starts a stack of its own, keeps a workload of acknowledged writes running, injects
its failure, runs the recovery scripts, verifies the data and removes the stack. On a terminal
the progress is shown live; elsewhere, and with --no-progress, as dated lines.

The record and its reports are written to drill-results/<run id>/, or to the folder that --out
names, which must not hold a record already. Ctrl-C removes what was started and still writes
the record, as not proven; a second Ctrl-C leaves at once, and what was started is removed by
its reaper within seconds.

Every run is entered into a history, drill-results/history.jsonl, or history.jsonl beside the folder
that --out names. With --baseline, each drill is held against an earlier run too: it is missed when
recovery became slower by at least 20 % and beyond the noise of the repetitions (Mann-Whitney test,
p < 0.05), and not proven when that cannot be told. Give --repeat 4 or more, as for the baseline.
"last" is the last run of the history in which the drill kept its target of the recovery time, was
not found slower, and that had the same load and machine.

Targets, scope and people are read from drdrill.yaml in the current folder, where there is one, or
from the file that --config names. A target that it leaves out is the playbook's. A file with a
mistake in it is refused before anything is started, with every mistake and its line.

A miss that drdrill.yaml accepts stays missed in every report, with who accepts it until when. A run
that misses nothing else is "missed within accepted risks". One that misses more than is accepted, or
has a risk that expired or is missed no more, ends with exit code 1 and says which.

manifest.json holds the SHA-256 of every file of that folder. With --key the run is signed when it
ends: see drdrill verify. The key is read before anything starts. What looks like a secret is replaced
by [redacted] before it is written; look before you pass a folder on all the same.

The exit code is the run's verdict: 0 met, or missed within accepted risks; 1 missed, 2 not proven,
3 not run at all.`

const runExamples = `  drdrill run                                           the whole catalogue
  drdrill run redis-kill postgres-kill                  these two, in this order
  drdrill run --label store=postgres                    all drills of PostgreSQL
  drdrill run --dry-run --label scenario=redis          only show what would run
  drdrill run --config team/drdrill.yaml                judged by your own targets
  drdrill run --scripts ./our-scripts redis-volume-loss rehearse your own scripts
  drdrill run --image postgres=pgvector/pgvector:pg17   on your own image
  drdrill run worker-kill --set worker.settings=defaults  the workers with their queue's own defaults
  drdrill run --scale medium --label store=postgres     with a million rows in the database
  drdrill run --repeat 5 worker-kill                    five times; the worst counts
  drdrill run --repeat 5 --baseline last                is recovery slower than it was?
  drdrill run --key drdrill.key                         signed, for drdrill verify
  drdrill run --json > record.json                      the record on stdout, news on stderr`

func newRun(p program) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:               "run [NAME…]",
		Short:             "Rehearse drills and report what was measured",
		Long:              runLong,
		Example:           runExamples,
		ValidArgsFunction: p.completeNames,
		RunE: func(cmd *cobra.Command, names []string) error {
			o.seedGiven = cmd.Flags().Changed("seed")
			var err error
			if o.config, err = p.config(cmd, o.configFile); err != nil {
				return err
			}
			return p.run(cmd.Context(), o, names)
		},
	}
	o.bind(cmd.Flags())
	return cmd
}

// run rehearses, or shows what it would rehearse.
func (p program) run(ctx context.Context, o runOptions, names []string) error {
	plan, err := p.plan(o, names)
	if err != nil {
		return err
	}
	baseline, err := o.against(plan)
	if err != nil {
		return err
	}
	signer, err := o.signer(plan.Dir)
	if err != nil {
		return err
	}
	if err := checkFolder(plan.Dir); err != nil {
		return err
	}
	if o.dryRun {
		return p.printPlan(plan, o)
	}
	plan.Revisions = drills.Revisions(ctx, o.scripts)
	forget, err := makeFolder(plan.Dir)
	if err != nil {
		return err
	}
	if err := checkHistory(historyBeside(plan.Dir, o.history)); err != nil {
		forget()
		return err
	}
	ctx, giveUp, over := untilStopped(ctx)
	defer over()
	record, err := p.rehearsed(ctx, giveUp, plan, o)
	if err != nil {
		forget()
		return err
	}
	o.config.note(&record)
	drills.Redact(&record)
	if baseline != nil {
		history.Gate(&record, baseline)
	}
	record.Accept()
	news, notKept := p.keep(ctx, plan, o, &record)
	sealed, notSealed := seal(context.WithoutCancel(ctx), plan.Dir, record, signer)
	over() // the record is safe: from here on signals and broken pipes act as usual
	if err := p.printResult(plan.Dir, record, append(news, sealed), o.json); err != nil {
		return err
	}
	if err := errors.Join(notKept, notSealed); err != nil {
		return err
	}
	return verdictOutcome(record.Outcome())
}

// rehearsed runs the plan while its progress is shown.
func (p program) rehearsed(ctx context.Context, giveUp context.CancelCauseFunc, plan drills.Plan, o runOptions) (reports.Record, error) {
	show := p.newView(plan, o, giveUp)
	defer show.close()
	defer context.AfterFunc(ctx, func() {
		show.say(fmt.Sprintf("%v: cleaning up; a second Ctrl-C leaves at once", context.Cause(ctx)))
	})()
	plan.Observer = show.observe
	show.observe(drills.Progress{Kind: drills.Noted, Note: "configuration: " + o.config.words()})
	record, err := p.rehearse(ctx, plan)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w before the first drill began", context.Cause(ctx))
	}
	return record, err
}

// printResult ends a run with its table, the paths of its reports and the news; with --json those go
// to stderr, and the record to stdout.
func (p program) printResult(dir string, record reports.Record, news []string, asJSON bool) error {
	out := p.stdout
	if asJSON {
		out = p.stderr
		if err := reports.JSON(p.stdout, record); err != nil {
			return err
		}
	}
	if err := result(out, dir, record); err != nil {
		return err
	}
	for _, line := range news {
		if _, err := fmt.Fprintln(out, oneLine(line)); err != nil {
			return fmt.Errorf("print the result: %w", err)
		}
	}
	return nil
}

// result is a run's table and where its reports are.
func result(w io.Writer, dir string, record reports.Record) error {
	var text strings.Builder
	text.WriteString("\n")
	if err := reports.Table(&text, record); err != nil {
		return err
	}
	fmt.Fprintf(&text, "\nConfiguration: %s.\n\n", (config{record.Run.Config, record.Governance}).words())
	for _, name := range []string{reports.HTMLFile, reports.PDFFile, reports.MarkdownFile, reports.JUnitFile, reports.RecordFile} {
		text.WriteString(filepath.Join(dir, name) + "\n")
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}
