package redact

import (
	"slices"
	"testing"
)

func TestEnvironment(t *testing.T) {
	spoken := func(text string) bool {
		return slices.Contains([]string{"postgres", "redis-kill", "type: opaque"}, text)
	}
	secrets, common := Environment([]string{
		"DEPLOY_TOKEN=" + hidden, "PGPASSWORD=correct-horse", "AWS_SECRET_ACCESS_KEY=" + awsSecret, "MYSQL_PASS=" + hidden, "PASS=battery-staple",
		"SECRET_YAML=type: opaque\r\nkey: " + hidden + "\npostgres\n",
		"POSTGRES_PASSWORD=postgres", "SECRET_FILED= postgres\n", "DB_PASS=redis-kill", "REDIS_PASSWORD=redis", "PIN_SECRET=94071",
		"HOME=/root-of-all", "TOKEN=true", "NO_PASSWORD=", "NEW_TOKEN=1", "PASSWORD_FILE=/run/secrets/postgres", "PWD=/opt/drdrill", "NOTHING",
		"COMPASS=north-by-north", "PASSED=all-of-them", "DB_PASSES=all-of-them",
	}, spoken)
	if want := []string{hidden, "correct-horse", awsSecret, hidden, "battery-staple", "key: " + hidden}; !slices.Equal(secrets, want) {
		t.Errorf("secrets %q, want %q", secrets, want)
	}
	if want := []string{"POSTGRES_PASSWORD", "SECRET_FILED", "DB_PASS", "REDIS_PASSWORD", "PIN_SECRET"}; !slices.Equal(common, want) {
		t.Errorf("common %q, want %q", common, want)
	}
}
