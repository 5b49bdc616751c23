package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// answer is what a piece of bash said and how it ended.
type answer struct {
	out, err string
	code     int
}

// bash runs a piece of bash after the library, with a backup folder of the test's own.
func bash(t *testing.T, body string, env ...string) answer {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed")
	}
	return run(t, []string{"bash", "-c", "set -euo pipefail\n. ./lib.sh\n" + body}, env...)
}

func run(t *testing.T, command []string, env ...string) answer {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return answer{out.String(), complaints.String(), cmd.ProcessState.ExitCode()}
}

func (a answer) want(t *testing.T, code int, out, complaint string) {
	t.Helper()
	if a.code != code || !strings.Contains(a.out, out) || !strings.Contains(a.err, complaint) {
		t.Errorf("exit code %d, said %q and complained %q; want %d, %q and %q", a.code, a.out, a.err, code, out, complaint)
	}
}

func TestStepsAndFacts(t *testing.T) {
	got := bash(t, `step "restore the dump" 30; step "look around"; fact backup x-1`)
	if want := "==> restore the dump (deadline 30s)\n==> look around\nfact backup x-1\n"; got.out != want {
		t.Errorf("said %q, want %q", got.out, want)
	}
}

func TestFailuresSayWhatAndWhatNext(t *testing.T) {
	bash(t, `require_env HERE GONE EMPTY`, "HERE=1", "EMPTY=").want(t, 64, "", "missing: GONE is not set (README.md lists the environment variables)\nmissing: EMPTY is not set")
	bash(t, `fail "the disk is full" "make room"`).want(t, 70, "", "failed: the disk is full\nnext: make room\n")
	bash(t, `false; echo went on`).want(t, 1, "", "line 3: a command ended with exit code 1")
	// What has been said once is not said again by the shells around it.
	if got := bash(t, `x=$(fail one two)`); got.code != 70 || got.err != "failed: one\nnext: two\n" {
		t.Errorf("exit code %d, complained %q", got.code, got.err)
	}
}

func TestWaitUntil(t *testing.T) {
	dir := t.TempDir()
	bash(t, `{ sleep 0.2; touch "$DIR/here"; } & wait_until 10 test -e "$DIR/here" && echo "came"`, "DIR="+dir).want(t, 0, "came", "")
	began := time.Now()
	bash(t, `wait_until 1 false || echo "gave up"`).want(t, 0, "gave up", "")
	if took := time.Since(began); took < time.Second || took > 5*time.Second {
		t.Errorf("gave up after %s, want 1 s", took)
	}
}

// Words and data must arrive unharmed, whatever is between here and the host.
func TestOnHost(t *testing.T) {
	body := `there() { step "work there"; printf '%s|' "$@"; cat; [[ $1 != bad ]] || fail "it broke" "mend it"; }
		printf 'exit\n\x00\xff echo not me' | on_host "$HOST" there "$FIRST" 'two words' '$HOME "; ls'`
	const want = "==> work there\n%|two words|$HOME \"; ls|exit\n\x00\xff echo not me"
	for _, host := range []string{"", "env"} {
		bash(t, body, "HOST="+host, "FIRST=%").want(t, 0, want, "")
	}
	bash(t, body, "HOST=env", "FIRST=bad").want(t, 70, "bad|", "failed: it broke\nnext: mend it")
}
