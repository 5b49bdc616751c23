// Package scripts holds the backup and recovery scripts under test. README.md documents their
// environment variables and how they are used in production.
package scripts

import "embed"

// Library is the file that all scripts source. It is no script of its own.
const Library = "lib.sh"

// Files are the scripts and their library, in one flat folder. An embedded file has no mode:
// whoever puts them somewhere makes all but Library executable.
//
//go:embed *.sh
var Files embed.FS
