package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/drills"
)

func newDoctor(p program) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check that this machine can run drills",
		Long: `Check that this machine can run drills: that a container engine answers, that the ports it publishes
are within reach, which images are there, and that memory and processors suffice. What is not right
comes with what to do about it. A container is started for a moment, where its image is there, and
nothing else is changed. The exit code is 2 when something is not right.`,
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
	if err := p.print(findingsText(findings)); err != nil {
		return err
	}
	for _, f := range findings {
		if !f.OK {
			return outcome(exitNotProven)
		}
	}
	return nil
}

// findingsText is a line a finding, and what to do beneath those that are not right.
func findingsText(findings []drills.Finding) string {
	const okWidth = len("NOT OK")
	nameWidth := 0
	for _, f := range findings {
		nameWidth = max(nameWidth, len(f.Name))
	}
	var text strings.Builder
	for _, f := range findings {
		state := "ok"
		if !f.OK {
			state = "NOT OK"
		}
		fmt.Fprintf(&text, "%-*s  %-*s  %s\n", okWidth, state, nameWidth, f.Name, f.Detail)
		if !f.OK && f.Advice != "" {
			fmt.Fprintf(&text, "%*s→ %s\n", okWidth+2+nameWidth+2, "", f.Advice)
		}
	}
	return text.String()
}
