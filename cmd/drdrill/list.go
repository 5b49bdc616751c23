package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newList(p program) *cobra.Command {
	var asJSON bool
	var configFile string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the drills",
		Long: `List the drills of the catalogue by scenario, with the recovery time that each allows and the
labels that run --label selects by. With --json every drill is printed in full. Recovery times that
drdrill.yaml states, as run finds it or as --config names it, are marked as configured.`,
		Example: `  drdrill list
  drdrill list --json | jq -r '.[].name'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.config(cmd, configFile)
			if err != nil {
				return err
			}
			return p.list(c, asJSON)
		},
	}
	bindConfig(cmd.Flags(), &configFile)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the drills as JSON")
	return cmd
}

func (p program) list(c config, asJSON bool) error {
	all := make([]description, 0, len(p.catalogue))
	for _, d := range c.hold(p.catalogue) {
		all = append(all, describe(d))
	}
	if asJSON {
		return writeJSON(p.stdout, all)
	}
	return p.print(listText(all) + "\nConfiguration: " + c.words() + ".\n")
}

// listText are the drills under their scenarios, which keep the catalogue's order.
func listText(all []description) string {
	var text strings.Builder
	name, rto, labels := 0, 0, 0
	for _, d := range all {
		name = max(name, len(d.Name))
		rto = max(rto, len(rtoWords(d.Targets)))
		labels = max(labels, len(join(d.Labels)))
	}
	for i, d := range all {
		if i == 0 || d.Scenario != all[i-1].Scenario {
			if i > 0 {
				text.WriteByte('\n')
			}
			text.WriteString(d.Scenario + "\n")
		}
		fmt.Fprintf(&text, "  %-*s  %-*s  %-*s  %s\n", name, d.Name, rto, rtoWords(d.Targets), labels, join(d.Labels), d.Title)
	}
	return text.String()
}

func rtoWords(t targets) string {
	if t.RTOSeconds == 0 {
		return "no RTO"
	}
	text := "RTO " + words(seconds(t.RTOSeconds)) + configured(t.RTOFrom)
	if t.DeclaredSeconds > 0 {
		text += ", " + words(seconds(t.DeclaredSeconds)) + " of it declared"
	}
	return text
}
