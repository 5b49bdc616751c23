package main

import (
	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports/governance"
)

func newSchema(p program) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of drdrill.yaml",
		Long: `Print the JSON Schema (2020-12) of drdrill.yaml, by which editors check and complete it. drdrill run
itself is stricter: it also refuses days that there are not, schedules that never come and keys that
are given twice.`,
		Example: `  drdrill schema > drdrill.schema.json
  # and as the first line of drdrill.yaml, for editors with the YAML language server:
  # yaml-language-server: $schema=drdrill.schema.json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return p.print(string(governance.Schema())) },
	}
}
