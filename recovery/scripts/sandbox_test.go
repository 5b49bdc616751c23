package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// engine is a docker program and an API of the test's own. With $STUCK there is a sandbox
// that does not answer until it is gone; $DIGEST is what the engine says that it has pulled.
const engine = `#!/bin/bash
here=$(dirname "$0")
[[ ${0##*/} == docker ]] || { echo '{"size": 2}'; exit; }
case $1 in
  ps) printf 'one\ntwo\n'; [[ -z ${STUCK-} || -e $here/gone ]] || echo stuck ;;
  exec) [[ $2 != stuck ]] ;;
  image | container) echo "registry:5000/sandbox@$DIGEST" ;;
  *) echo "$*" >> "$here/log"; [[ $1 != rm ]] || touch "$here/gone" ;;
esac
`

// withEngine runs a script with the test's engine and returns what the engine was made to do.
func withEngine(t *testing.T, script string, env ...string) (answer, string) {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed")
	}
	dir := t.TempDir()
	for _, name := range []string{"docker", "curl"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(engine), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := run(t, []string{"./" + script}, append(env, "PATH="+dir+":"+os.Getenv("PATH"), "API_URL=http://api")...)
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return got, string(log)
}

func TestResetRemovesTheStuckSandboxAlone(t *testing.T) {
	got, log := withEngine(t, "reset-sandboxes.sh", "STUCK=1")
	got.want(t, 0, "stuck: stuck\n", "")
	if log != "rm --force stuck\n" {
		t.Errorf("the engine was told %q, want the removal of the stuck sandbox alone", log)
	}
}

func TestPullTagsWhatHasTheDigestAlone(t *testing.T) {
	image := []string{"SANDBOX_IMAGE=registry:5000/sandbox:latest", "SANDBOX_DIGEST=" + digest}
	pinned := "registry:5000/sandbox@" + digest
	other := strings.Replace(digest, "0", "1", 1)

	got, log := withEngine(t, "pull-sandbox-image.sh", append(image, "DIGEST="+other)...)
	got.want(t, 70, "", "failed: the engine does not confirm the digest")
	if want := "pull --quiet " + pinned + "\n"; log != want {
		t.Errorf("the engine was told %q, want %q", log, want)
	}

	got, log = withEngine(t, "pull-sandbox-image.sh", append(image, "DIGEST="+digest)...)
	got.want(t, 0, "==> verify the pool", "")
	if want := "pull --quiet " + pinned + "\ntag " + pinned + " registry:5000/sandbox:latest\n"; log != want {
		t.Errorf("the engine was told %q, want %q", log, want)
	}

	got, log = withEngine(t, "pull-sandbox-image.sh", image[0], "SANDBOX_DIGEST=latest")
	got.want(t, 64, "", "SANDBOX_DIGEST is sha256:")
	if log != "" {
		t.Errorf("the engine was told %q, want nothing", log)
	}
}
