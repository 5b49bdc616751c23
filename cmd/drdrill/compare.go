package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports/history"
)

const compareLong = `Compare two runs: verdicts, recovery times with their phases, and the scripts, images and settings
that were not the same. A run is named by its folder, its record.json or its id in the history.
Times are medians over the repetitions. "noise" is the probability that noise alone brings such a
difference about, by the Mann-Whitney test; it is left out where the repetitions are too few for it.

The exit code says whether the runs could be compared: 0 whatever the difference.`

const compareExamples = `  drdrill compare 20260814-081500-3fa9 20261123-081500-77b0
  drdrill compare drill-results/20260814-081500-3fa9 ./out/record.json
  drdrill compare --json ./before ./after | jq '.drills[].phases'`

func newCompare(p program) *cobra.Command {
	var file string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "compare BEFORE AFTER",
		Short:   "Compare two runs",
		Long:    compareLong,
		Example: compareExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("compare needs two runs, got %d; see drdrill compare --help", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.compare(args[0], args[1], file, asJSON) },
	}
	cmd.Flags().StringVar(&file, "history", "", historyUsage)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the comparison as JSON")
	return cmd
}

func (p program) compare(before, after, file string, asJSON bool) error {
	a, err := findRun(before, file)
	if err != nil {
		return err
	}
	b, err := findRun(after, file)
	if err != nil {
		return err
	}
	c := history.Compare(a, b)
	if asJSON {
		return writeJSON(p.stdout, c)
	}
	return p.print(compareText(c))
}

func compareText(c history.Comparison) string {
	var b strings.Builder
	runs := [][]string{{"", "RUN", "STARTED", "VERDICT"}}
	for _, side := range []struct {
		name string
		run  history.RunName
	}{{"before", c.Before}, {"after", c.After}} {
		runs = append(runs, []string{side.name, oneLine(side.run.ID), side.run.StartedAt.UTC().Format("2006-01-02 15:04"), acceptedWords(side.run.Verdict, side.run.Accepted)})
	}
	b.WriteString(aligned(runs) + "\n")
	if len(c.Drills) > 0 {
		b.WriteString(aligned(drillRows(c.Drills)) + "\n")
	} else {
		b.WriteString("No drill came to run in both.\n\n")
	}
	for _, l := range []struct {
		title string
		items []string
	}{
		{"Changed scripts", each(c.Scripts, fileWords)}, {"Changed images", each(c.Images, fileWords)},
		{"Other settings", each(c.Settings, history.Setting.String)}, {"Only before", c.OnlyBefore}, {"Only after", c.OnlyAfter},
	} {
		if len(l.items) > 0 {
			b.WriteString(l.title + "\n  " + strings.Join(each(l.items, oneLine), "\n  ") + "\n")
		}
	}
	if len(c.Scripts)+len(c.Images)+len(c.Settings) == 0 {
		b.WriteString("Scripts, images and settings were the same.\n")
	}
	return b.String()
}

// drillRows are a line for each drill, and one for each of its phases.
func drillRows(drills []history.DrillChange) [][]string {
	rows := [][]string{{"DRILL", "VERDICT", "BEFORE", "AFTER", "CHANGE", "NOISE"}}
	for _, d := range drills {
		verdict := acceptedWords(d.AfterVerdict, d.AfterAccepted)
		if before := acceptedWords(d.BeforeVerdict, d.BeforeAccepted); before != verdict {
			verdict = before + " → " + verdict
		}
		noise := ""
		if d.P != nil {
			noise = fmt.Sprintf("%.2g", *d.P)
		}
		rows = append(rows, []string{oneLine(d.Drill), verdict, timeWords(d.BeforeSeconds), timeWords(d.AfterSeconds),
			changeWords(d.BeforeSeconds, d.AfterSeconds), noise})
		for _, p := range d.Phases {
			rows = append(rows, []string{"  " + oneLine(p.Phase), "", timeWords(p.BeforeSeconds), timeWords(p.AfterSeconds),
				changeWords(p.BeforeSeconds, p.AfterSeconds)})
		}
	}
	return rows
}

// resolution is what a phase must take for its change to be worth a figure, in seconds: the probe asks every 10 ms.
const resolution = 0.01

// changeWords are a change in percent, or that there was none before or is none any more.
func changeWords(before, after *float64) string {
	switch {
	case before == nil && after == nil:
		return ""
	case before == nil:
		return "new"
	case after == nil:
		return "gone"
	case *before <= 0 || max(*before, *after) < resolution:
		return ""
	default:
		return fmt.Sprintf("%+.0f %%", (*after / *before - 1)*100)
	}
}

// fileWords are a script or an image: restore-redis.sh 3f9a1c2b → 77b01d4e.
func fileWords(f history.FileChange) string {
	short := func(digest string) string {
		if digest == "" {
			return "none"
		}
		digest = strings.TrimPrefix(digest, "sha256:")
		return digest[:min(12, len(digest))]
	}
	return fmt.Sprintf("%s %s → %s", f.Name, short(f.Before), short(f.After))
}
