package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/reports/attest"
)

func newKey(p program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Make the keys that runs are signed with",
		Long: `Make the keys that runs are signed with and verified against.

Keep the private key where only those who sign can read it. Hand the public key to whoever is to
verify, by a way of its own: a key that comes with the files proves nothing about them.`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKeyNew(p))
	return cmd
}

// subcommand refuses an argument of a command that only has subcommands.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("unknown command %q; see %s --help", args[0], cmd.CommandPath())
	}
	return nil
}

func newKeyNew(p program) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Make an Ed25519 key pair",
		Long: `Make an Ed25519 key pair: ` + attest.PrivateKeyFile + ` (PKCS #8, readable by its owner alone) to sign with, and
` + attest.PublicKeyFile + ` (PKIX) to verify with. A key that is there already is never written over.`,
		Example: `  drdrill key new --out keys`,
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return p.makeKey(dir) },
	}
	cmd.Flags().StringVar(&dir, "out", ".", "write both files to this `folder`")
	return cmd
}

func (p program) makeKey(dir string) error {
	id, err := attest.NewKey(dir)
	if err != nil {
		return err
	}
	return p.print(fmt.Sprintf("%s\n%s\nkey %s\n",
		filepath.Join(dir, attest.PrivateKeyFile), filepath.Join(dir, attest.PublicKeyFile), id))
}
