package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/reports/governance"
)

func newInit(p program) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a drdrill.yaml to fill in",
		Long: `Write a drdrill.yaml to fill in, or the FILE that is named: scope, people, runbook, contacts, targets,
accepted risks, corrective actions and the next drill, each with what it means. The targets are the
playbook's; what only you can know is left empty, and reports show it as missing until it is filled in.

A file that is there is left as it is, unless --force is given.`,
		Example: `  drdrill init
  drdrill init team/drdrill.yaml && drdrill run --config team/drdrill.yaml --dry-run`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("init takes one file, got %d; see drdrill init --help", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			path := governance.FileName
			if len(args) == 1 {
				path = args[0]
			}
			return p.initialize(path, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a file that is there")
	return cmd
}

// initialize writes the file, and says what to do with it.
func (p program) initialize(path string, force bool) error {
	content, err := governance.Blank(playbook.Targets())
	if err != nil {
		return err
	}
	write := createFile
	if force {
		write = replaceFile
	}
	if err := write(path, content); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return usage("init: %s is there already and was left as it is; name another file, or write over it with --force", path)
		}
		return usage("init: %w", err)
	}
	return p.print(fmt.Sprintf("%s is written. Fill it in; drdrill run --dry-run checks it and starts nothing.\n", path))
}

// createFile writes a file that must not be there yet. One that could not be written whole is removed.
func createFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// replaceFile puts a file in the place of one that may be there, which stays when that fails.
func replaceFile(path string, content []byte) error {
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := createFile(temporary, content); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}
