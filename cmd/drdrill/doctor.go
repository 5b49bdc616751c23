package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/drills"
)

func newDoctor(p program) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check that this machine can run drills",
		Long: `Check that this machine can run drills: that a container engine answers and is new enough, that the
images are there, and that disk, memory and processors suffice. What is not right comes with
what to do about it. Nothing is changed. The exit code is 2 when something is not right.`,
		Example: `  drdrill doctor
  DOCKER_HOST=tcp://127.0.0.1:2375 drdrill doctor`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.examine(cmd.Context()) },
	}
}

func (p program) examine(ctx context.Context) error {
	ctx, _, over := untilStopped(ctx)
	defer over()
	findings := p.doctor(ctx)
	if err := printFindings(p.stdout, findings); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	for _, f := range findings {
		if !f.OK {
			return outcome(exitNotProven)
		}
	}
	return nil
}

func printFindings(w io.Writer, findings []drills.Finding) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		state := "ok"
		if !f.OK {
			state = "NOT OK"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", state, f.Name, f.Detail)
		if !f.OK && f.Advice != "" {
			fmt.Fprintf(table, "\t\t→ %s\n", f.Advice)
		}
	}
	return table.Flush()
}
