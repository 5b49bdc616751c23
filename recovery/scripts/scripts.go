// Package scripts holds the backup and recovery scripts under test: bash, embedded as they are, and
// replaceable by name. README.md beside them documents the environment that they are told.
package scripts

import "embed"

// FS holds the scripts by name, and lib.sh, which they source.
//
//go:embed *.sh
var FS embed.FS
