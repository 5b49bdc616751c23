package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func newClean(p program) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "clean",
		Short: "Remove what earlier runs left behind",
		Long: `Remove the containers, volumes and networks that earlier runs left behind. A run removes its own,
even when it is killed, so that there is seldom anything to do. What belongs to a run that is
still going on is left alone, and what no run made is never touched. The images that drills run
on are kept.`,
		Example: `  drdrill clean
  drdrill clean --all      also what runs still use: they end as not proven`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.sweep(cmd.Context(), all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "also remove what belongs to runs that are still going on")
	return cmd
}

func (p program) sweep(ctx context.Context, all bool) error {
	ctx, _, over := untilStopped(ctx)
	defer over()
	removed, err := p.clean(ctx, all, p.log)
	if err != nil {
		return fmt.Errorf("clean: %w", err)
	}
	if removed == 0 {
		return p.print("nothing to remove\n")
	}
	return p.print("removed " + quantity(removed, "thing") + "\n")
}

// log prints news of what a command does, one line each.
func (p program) log(line string) { writeLine(p.stdout, line) }
