//go:build unix

package runbook

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// host runs commands on this machine, each in a process group of its own.
type host struct{}

func (host) Exec(ctx context.Context, cmd Command, out io.Writer) (int, error) {
	c := exec.CommandContext(ctx, cmd.Args[0], cmd.Args[1:]...)
	c.Stdout, c.Stderr = out, out
	c.Env = os.Environ()
	for name, value := range cmd.Env {
		c.Env = append(c.Env, name+"="+value)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	err := c.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

func scriptFile(t *testing.T, text string, mode os.FileMode) Script {
	t.Helper()
	path := filepath.Join(t.TempDir(), "recover.sh")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return Script{Name: "recover.sh", Path: path}
}

func TestRealScript(t *testing.T) {
	script := scriptFile(t, `#!/bin/sh
set -eu
echo "==> log in"
echo "as $ROLE with $PASSWORD" >&2
echo "==> count (deadline 30s)"
echo "fact rows $1"
exit 4
`, 0o700)
	script.Args = []string{"17"}
	runner := Runner{Exec: host{}, Secrets: []string{"hunter2"}}
	got := runner.Run(t.Context(), script, map[string]string{"ROLE": "cogitator", "PASSWORD": "hunter2"})
	if want := "log in=0[as cogitator with [redacted]|] count=4[fact rows 17|]"; outline(got) != want {
		t.Errorf("got  %s\nwant %s", outline(got), want)
	}
	if got.Facts["rows"] != "17" || got.Err != nil {
		t.Errorf("facts %v, error %v", got.Facts, got.Err)
	}
}

// A script past its deadline leaves no process behind, not even one that it started.
func TestRealScriptPastItsDeadline(t *testing.T) {
	script := scriptFile(t, `#!/bin/sh
echo "==> wait (deadline 300ms)"
sleep 600 &
echo "fact child $!"
wait
`, 0o700)
	began := time.Now()
	got := Runner{Exec: host{}}.Run(t.Context(), script, nil)
	if !got.Steps[0].TimedOut || got.ExitCode != ExitDeadline {
		t.Errorf("got %s, want a step that timed out", outline(got))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the script took %s to end", took)
	}
	child, err := strconv.Atoi(got.Facts["child"])
	if err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, child)
}

// awaitEnd waits until the process is gone, or a zombie that nobody has collected yet.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if syscall.Kill(pid, 0) != nil {
			return
		}
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	t.Errorf("process %d still runs", pid)
}

func TestRealScriptThatCannotBeStarted(t *testing.T) {
	tests := []struct {
		name   string
		script Script
		code   int
	}{
		{"not executable", scriptFile(t, "#!/bin/sh\n", 0o600), ExitNotExecutable},
		{"not found", Script{Path: filepath.Join(t.TempDir(), "recover.sh")}, ExitNotFound},
		{"interpreter not found", scriptFile(t, "#!/no/such/shell\n", 0o700), ExitNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Runner{Exec: host{}}.Run(t.Context(), tt.script, nil)
			if got.ExitCode != tt.code || got.Err == nil || outline(got) == "" {
				t.Errorf("exit code %d, error %v; want %d: %s", got.ExitCode, got.Err, tt.code, outline(got))
			}
		})
	}
}
