package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootLong = `drdrill rehearses a disaster-recovery playbook against real PostgreSQL, Redis, workers and
sandboxes in containers, and proves what it measures: it keeps acknowledged writes running,
injects one failure, runs the recovery scripts, verifies the data, and reports the measured
recovery time (RTO) and data loss (RPO) against the playbook's targets.

Exit codes:
  0  every objective was met
  1  an objective was missed; verify: the files are not those that were signed
  2  not proven, or drdrill itself failed
  3  the command could not be carried out as given; nothing was started`

const rootExamples = `  drdrill doctor                     is this machine ready?
  drdrill list                       what can be rehearsed
  drdrill show redis-volume-loss     one drill in full
  drdrill run redis-volume-loss      rehearse it
  drdrill run                        rehearse the whole catalogue
  drdrill init                       write a drdrill.yaml, with your targets and people, to fill in`

// execute runs one command line.
func execute(p program, args []string) exitCode {
	root := newRoot(p)
	root.SetArgs(args)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return conclude(p.stderr, root.ExecuteContext(context.Background()))
}

func newRoot(p program) *cobra.Command {
	root := &cobra.Command{
		Use:           "drdrill",
		Short:         "Rehearse disaster recovery and measure RTO and RPO",
		Long:          rootLong,
		Example:       rootExamples,
		Version:       p.version,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("drdrill {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newList(p), newShow(p), newRun(p), newReport(p), newHistory(p), newCompare(p), newVerify(p), newBundle(p), newKey(p), newDoctor(p), newClean(p), newImages(p), newInit(p), newSchema(p))
	root.SetHelpCommand(newHelp(root))
	return root
}

// newHelp is cobra's help command, except that an unknown topic is an error.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil {
				return usage("%w", err)
			}
			if cmd == root {
				if err := knownCommand(root, rest); err != nil {
					return err
				}
			}
			cmd.InitDefaultHelpFlag() // cobra does so only for the command that is run
			cmd.InitDefaultVersionFlag()
			return cmd.Help()
		},
	}
}

// knownCommand refuses what is left over once the subcommands are matched: a command that is none.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return usage("unknown command %q: did you mean %q? drdrill --help shows them all", args[0], nearest(args[0], names))
}

// noArgs is for commands that take flags only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, got %q", cmd.Name(), args[0])
	}
	return nil
}

// oneArg is for commands that take exactly one argument, named what.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("%s needs one %s, got %d; see drdrill %[1]s --help", cmd.Name(), what, len(args))
		}
		return nil
	}
}

// flagError makes a usage error of what pflag found, and names the flag that was likely meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usage("%w; see %s --help", err, cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return usage("%w: did you mean --%s? See %s --help", err, nearest(unknown.GetSpecifiedName(), names), cmd.CommandPath())
}
