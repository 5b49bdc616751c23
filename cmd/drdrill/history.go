package main

import (
	"context"
	"os"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/history"
)

const historyLong = `Show the runs of the history, how the recovery time of each drill went over them, and what only the
history shows: entries that were altered, deleted or moved; quarters of a year without a result;
failed runs that were run again. With a NAME, the runs of that drill alone.

Every run is appended to drill-results/history.jsonl, or to history.jsonl beside the folder that
--out names. Each entry holds the SHA-256 of the one before and of the run's record. That finds
whatever is changed within the file. That the newest entries were deleted, or the whole file was
written anew, shows only against something else: the records in the folders beside it, which are
held against it, and the SHA-256 of an entry that you kept elsewhere, with --holds. A run that is
killed leaves no entry: its folder beside the file, without a record, is among the findings.

--sql asks the index beside the file, history.db, which is made anew whenever it is not what the
file holds. Its tables are runs, results, phases, losses and files, joined by their column entry.

The exit code is 0 when the history is as it was written, and 2 when it is not.`

const historyExamples = `  drdrill history                          all runs
  drdrill history redis-kill               the runs of one drill
  drdrill history --holds 3f9a…            is the entry that I noted still there?
  drdrill history --sql 'SELECT drill, max(rto) FROM results GROUP BY drill'
  drdrill history --json | jq -r '.findings[].text'`

// historyOptions are the flags of history as given.
type historyOptions struct {
	file  string
	holds string
	sql   string
	last  int
	json  bool
}

func newHistory(p program) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:               "history [NAME]",
		Short:             "Show earlier runs, trends, and what became of the history itself",
		Long:              historyLong,
		Example:           historyExamples,
		Args:              atMostOneDrill,
		ValidArgsFunction: p.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.history(cmd.Context(), o, append(args, "")[0])
		},
	}
	cmd.Flags().StringVar(&o.file, "history", "", historyUsage)
	cmd.Flags().StringVar(&o.holds, "holds", "", "make sure that the entry with this `sha256` is in the history")
	cmd.Flags().StringVar(&o.sql, "sql", "", "ask the index this `query` instead")
	cmd.Flags().IntVar(&o.last, "last", history.TrendLength, "show the last `n` runs")
	cmd.Flags().BoolVar(&o.json, "json", false, "print everything as JSON")
	return cmd
}

func atMostOneDrill(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("history takes one drill, got %d; see drdrill history --help", len(args))
	}
	return nil
}

// pastRuns are a history with what it shows.
type pastRuns struct {
	Path     string                    `json:"path"`
	Head     string                    `json:"head"` // SHA-256 of the newest line
	Drill    string                    `json:"drill,omitempty"`
	Entries  []pastRun                 `json:"entries"`
	Damage   []history.Damage          `json:"damage"`
	Findings []history.Finding         `json:"findings"`
	Trends   map[string][]reports.Past `json:"trends"`
	drills   []string                  // in the order in which they first ran
}

// pastRun is an entry and its hash.
type pastRun struct {
	SHA256 string `json:"sha256"`
	history.Entry
}

// history shows a history, and ends with exit code 2 when it is not as it was written.
func (p program) history(ctx context.Context, o historyOptions, drill string) error {
	if o.last < 1 {
		return usage("--last %d: give 1 or more", o.last)
	}
	if o.holds != "" && !sha256Form.MatchString(o.holds) {
		return usage("--holds %s: want the 64 figures that drdrill run printed", o.holds)
	}
	path := usualHistory(o.file)
	records, findings := history.KeptBeside(path) // before the history: see there
	findings = append(findings, history.UnfinishedBeside(path, "")...)
	chain, err := readHistory(path)
	if err != nil {
		return err
	}
	if o.sql != "" {
		return p.historyQuery(ctx, path, chain, o)
	}
	if drill != "" && !slices.Contains(chain.Drills(), drill) {
		return usage("%s has no run of %q: did you mean %q?", path, drill, nearest(drill, chain.Drills()))
	}
	findings = append(findings, chain.Against(records)...)
	if o.holds != "" && !chain.Holds(o.holds) {
		findings = append(findings, history.Finding{Kind: history.Contradicted, Text: "The history holds no entry with the SHA-256 " + o.holds + ": entries were deleted or altered."})
	}
	past := lookBack(chain, drill, o.last, p.now())
	past.Path, past.Findings = path, append(findings, past.Findings...)
	if err := p.printHistory(past, o); err != nil {
		return err
	}
	if slices.ContainsFunc(past.Findings, history.Finding.Grave) {
		return outcome(exitNotProven)
	}
	return nil
}

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (p program) printHistory(past pastRuns, o historyOptions) error {
	if o.json {
		return writeJSON(p.stdout, past)
	}
	screen, ok := p.stdout.(*os.File)
	look := historyLook{palette: palette{plain: true}, last: o.last}
	if ok && p.lively(screen) {
		look.palette, look.drawn = p.palette(), true
	}
	return p.print(look.text(past))
}
