package scripts

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// target stands for every store and service: whoever asks anything of it has gone too far.
const target = `#!/bin/bash
echo "${0##*/} $*" >> "$(dirname "$0")/touched"
`

// Whatever is damaged in a backup, and wherever, its restore says so before it touches anything.
func TestDamagedBackupsAreRefused(t *testing.T) {
	for _, tool := range []string{"jq", "age"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	count := 200
	if testing.Short() {
		count = 20
	}
	dir := t.TempDir()
	for _, name := range []string{"psql", "pg_restore", "pg_waldump", "redis-cli", "redis-server", "services", "docker", "curl"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(target), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "BACKUP_DIR=" + dir + "/backups", "OTHER_DIR=" + dir + "/others",
		"BACKUP_KEY_FILE=" + dir + "/key", "CONFIG_ROOT=" + dir + "/root", "CONFIG_PATHS=" + dir + "/config", "DIR=" + dir,
		"PGHOST=database", "PGUSER=cogitator", "PGDATABASE=cogitator", "REDIS_HOST=memory", "REDIS_DATA_DIR=" + dir + "/nowhere", "SERVICE_MANAGER=services",
		"POSTGRES_DATA_DIR=" + dir + "/nowhere", "WAL_DIR=" + dir + "/nowhere", "API_URL=http://api", "SANDBOX_IMAGE=sandbox",
		"SANDBOX_IMAGE_ID=sha256:" + strings.Repeat("0", 64),
	}
	bash(t, soundBackups, env...).want(t, 0, "", "")

	seed := rand.IntN(1 << 15)
	got := run(t, []string{"testdata/damage.sh", strconv.Itoa(seed), strconv.Itoa(count), "."}, env...)
	t.Logf("seed %d:\n%s", seed, got.out)
	got.want(t, 0, "refused all "+strconv.Itoa(count), "")
	if touched, err := os.ReadFile(filepath.Join(dir, "touched")); !os.IsNotExist(err) {
		t.Errorf("the target was touched:\n%s", touched)
	}
	if _, err := os.Stat(filepath.Join(dir, "root")); !os.IsNotExist(err) {
		t.Errorf("the configuration was touched: %v", err)
	}
}

// soundBackups makes backups of each kind, of this database and system and of others. What is in them does not
// matter to whoever verifies them, but for the encryption.
const soundBackups = `sync() { true; }
	make_backup() {
		begin_backup "$1"
		head --bytes 2000 /dev/urandom > "$WORK/$2"
		echo more > "$WORK/more.sql"
		publish_backup "$1" "$3"
	}
	(make_backup redis dump.rdb '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	(make_backup postgres database.dump '{"snapshotAt": "2026-01-02T03:04:05Z", "database": "cogitator"}')
	(make_backup postgres-base base.tar.zst '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	(make_backup sandbox image.tar '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	age-keygen -o "$DIR/key" 2> /dev/null
	mkdir "$DIR/config" && echo secret > "$DIR/config/file"
	export -f sync
	./backup-config.sh
	export BACKUP_DIR=$OTHER_DIR
	(PGDATABASE=billing make_backup postgres database.dump '{"snapshotAt": "2026-01-02T03:04:05Z", "database": "billing"}')
	export SYSTEM_NAME=staging
	(make_backup redis dump.rdb '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	(make_backup postgres-base base.tar.zst '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	(make_backup sandbox image.tar '{"snapshotAt": "2026-01-02T03:04:05Z"}')
	./backup-config.sh`
