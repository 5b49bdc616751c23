package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports"
)

func newShow(p program) *cobra.Command {
	var asJSON bool
	var configFile string
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show one drill in full",
		Long: `Show one drill in full: what is broken, which recovery is rehearsed with which scripts, what it
runs on, how it is watched, what it is held against, and what it does not show. Targets and backup
schedules that drdrill.yaml states, as run finds it or as --config names it, are marked as configured.`,
		Example: `  drdrill show redis-volume-loss
  drdrill show redis-volume-loss --json`,
		Args:              oneArg("drill"),
		ValidArgsFunction: p.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.config(cmd, configFile)
			if err != nil {
				return err
			}
			return p.show(args[0], c, asJSON)
		},
	}
	bindConfig(cmd.Flags(), &configFile)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the drill as JSON")
	return cmd
}

func (p program) show(name string, c config, asJSON bool) error {
	d, err := find(c.hold(p.catalogue), name)
	if err != nil {
		return err
	}
	text := describe(d)
	if asJSON {
		return writeJSON(p.stdout, text)
	}
	return p.print(showText(text) + "\nConfiguration: " + c.words() + ".\n")
}

// completeNames offers the names of drills to the shell.
func (p program) completeNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, d := range p.catalogue {
		names = append(names, d.Name+"\t"+d.Title)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func showText(d description) string {
	w := &strings.Builder{}
	fmt.Fprintf(w, "%s: %s\n\n", d.Name, d.Title)
	field(w, "scenario", d.Scenario)
	field(w, "labels", strings.Join(d.Labels, ", "))
	field(w, "fault", d.Fault)
	field(w, "recovery", d.Recovery)
	field(w, "scripts", d.Scripts...)
	field(w, "backups", each(d.Backups, backupWords)...)
	field(w, "stack", strings.Join(d.Stack, ", "))
	field(w, "probe", d.Probe)
	field(w, "proves", d.Proves)
	field(w, "checks", d.Checks...)
	field(w, "changes", each(d.Changes, func(c reports.Change) string { return c.Reason + " (" + c.Of + ")" })...)
	field(w, "limits", d.Limits)
	field(w, "RTO", recoveryTime(d.Targets))
	field(w, "hold", words(seconds(d.Targets.HoldSeconds))+" of steady state before it counts as restored")
	field(w, "RPO", each(d.Targets.RPO, rpoLine)...)
	return w.String()
}

func recoveryTime(t targets) string {
	if t.RTOSeconds == 0 {
		return "the playbook states none"
	}
	return "under " + words(seconds(t.RTOSeconds)) + configured(t.RTOFrom) + declared(t)
}

func declared(t targets) string {
	if t.DeclaredSeconds == 0 {
		return " (responder at the keyboard)"
	}
	return fmt.Sprintf(", of which %s are declared for detection and response", words(seconds(t.DeclaredSeconds)))
}

func rpoLine(t rpoTarget) string {
	return fmt.Sprintf("%-8s %s%s", t.Class, words(seconds(t.Seconds)), configured(t.From))
}

// field prints a name and its texts beside it, folded to a width that is easy to read. Nothing is
// printed for a field without text.
func field(w *strings.Builder, name string, texts ...string) {
	const indent, width = 11, 89
	for _, text := range texts {
		for _, line := range fold(text, width-indent) {
			fmt.Fprintf(w, "%-*s%s\n", indent, name, line)
			name = ""
		}
	}
}
