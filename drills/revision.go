package drills

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/reports"
)

// gitPatience is how long git may take to say what is in a folder.
const gitPatience = 30 * time.Second

// Revisions finds out of which commits the scripts are: drdrill's own, and those of a folder that
// replaces some; empty for none. What cannot be found out is said in the result.
func Revisions(ctx context.Context, folder string) *reports.Revisions {
	found := &reports.Revisions{Own: ownRevision()}
	if folder != "" {
		revision, err := folderRevision(ctx, folder)
		if err != nil {
			revision = reports.Revision{Absent: err.Error()}
		}
		found.Folder = &revision
	}
	return found
}

// ownRevision is the commit that drdrill was built from: its scripts are part of the program.
func ownRevision() reports.Revision {
	info, _ := debug.ReadBuildInfo()
	return builtFrom(info)
}

func builtFrom(info *debug.BuildInfo) (r reports.Revision) {
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				r.Commit = s.Value
			case "vcs.modified":
				r.Dirty = s.Value == "true"
			}
		}
	}
	if r.Commit == "" {
		return reports.Revision{Absent: "drdrill was not built in a git work tree"}
	}
	return r
}

// folderRevision asks git about a folder. A file that git ignores is part of no commit, and may be a
// script all the same: it makes the folder dirty, as a change does.
func folderRevision(ctx context.Context, folder string) (reports.Revision, error) {
	commit, err := git(ctx, folder, "rev-parse", "--verify", "HEAD")
	if err != nil {
		return reports.Revision{}, err
	}
	changes, err := git(ctx, folder, "status", "--porcelain", "--untracked-files=all", "--ignored", "--", ".")
	if err != nil {
		return reports.Revision{}, err
	}
	return reports.Revision{Commit: commit, Dirty: changes != ""}, nil
}

// git runs one command of git in the folder. It asks about that folder, whatever the environment says,
// and leaves the index alone.
func git(ctx context.Context, folder string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GIT_") })
	cmd.Env = append(cmd.Env, "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	out, err := cmd.Output()
	if err == nil {
		return strings.TrimSpace(string(out)), nil
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) && len(ended.Stderr) > 0 {
		said, _, _ := strings.Cut(strings.TrimSpace(string(ended.Stderr)), "\n")
		return "", fmt.Errorf("git %s: %s", args[0], said)
	}
	return "", fmt.Errorf("git %s: %w", args[0], err)
}
