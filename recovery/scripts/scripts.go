// Package scripts holds the backup and recovery scripts under test. README.md documents their
// environment variables and how they are used in production.
package scripts

import "embed"

// Library is the file that all scripts source.
const Library = "lib.sh"

// Libraries are the files that are sourced, by scripts or by each other, and no scripts of their own.
var Libraries = []string{Library, "backups.sh", "objectstore.sh", "plugins.sh", "redisdata.sh", "wal.sh"}

// Files are the scripts and their library, in one flat folder. An embedded file has no mode:
// whoever puts them somewhere makes all but Libraries executable.
//
//go:embed *.sh
var Files embed.FS
