package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/drills/playbook"
	"github.com/cogitator-ai/drdrill/reports"
)

// version is set by the release build: -ldflags "-X main.version=v1.2.3".
var version = ""

// program is all that the commands reach of the world, so that a test can put something else in
// its place.
type program struct {
	version   string
	catalogue []drills.Drill
	rehearse  func(context.Context, drills.Plan) (reports.Record, error)
	doctor    func(context.Context) []drills.Finding
	clean     func(ctx context.Context, all bool, log func(string)) (removed int, err error)
	images    func(ctx context.Context, overrides map[string]string, log func(string)) error
	now       func() time.Time
	getenv    func(string) string
	stdout    io.Writer
	stderr    io.Writer
}

// print writes text to stdout; a full disk behind it must not pass for success.
func (p program) print(text string) error {
	if _, err := io.WriteString(p.stdout, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// product is the program as a user runs it.
func product() program {
	return program{
		version:   buildVersion(),
		catalogue: playbook.Drills(),
		rehearse:  drills.Rehearse,
		doctor:    drills.Doctor,
		clean:     drills.Clean,
		images:    drills.PrepareImages,
		now:       time.Now,
		getenv:    os.Getenv,
		stdout:    os.Stdout,
		stderr:    os.Stderr,
	}
}

// buildVersion is the release's version, else that of the module as go install knows it.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
