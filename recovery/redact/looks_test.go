package redact

import (
	"strings"
	"testing"
)

// Each form with what is hidden of it, which stands between « and », and what of the same words is no secret.
var formTests = map[string]struct{ hides, leaves []string }{
	"names that end in pass": {
		hides: []string{
			"DB_PASS=«hunter2»", "export MYSQL_PASS='«hunter2 and more»'", `{"smtp_pass": "«hunter2»", "port": 25}`, "spring.mail.pass: «hunter2»",
			"host=db user=app pass=«hunter2» dbname=app", `{"user":"app","pass":"«hunter2»"}`, "DB_PASS=«1234»",
		},
		leaves: []string{"bypass=on", "compass: north", "pass: 12", "pass=12 fail=0", "DB_PASSES=3", "tests_passed=12", "the first pass: read all rows", "PGPASSFILE=/root/.pgpass"},
	},
	"flags": {
		hides: []string{
			"redis-cli --pass «hunter2» ping", "redis-cli --user app --pass=«hunter2» ping", "x --db-pass '«hunter 2»' y", "mysql --password=«hunter2»", "psql --password «hunter2»",
			`["redis-cli","--pass","«hunter2»","ping"]`, `["redis-cli","-a","«hunter2»","ping"]`, "redis-cli -h redis -a «hunter2» ping", `{"Cmd":["x", "--client-secret", "«hunter2»"]}`,
			"PGPASSWORD=«hunter2» psql",
		},
		leaves: []string{"fsck --passes 3", "fsck --passes=3", "shred --pass-through x", "redis-cli --pass --raw", `["psql","--password","--host","db"]`, "ls -a backups", "redis-cli --stat"},
	},
	"what Redis is told": {
		hides: []string{
			"AUTH «hunter2»", "AUTH app «hunter2»", "redis-cli -h redis auth «hunter2»", `redis-cli auth app "«hunter2»"`, "echo 'AUTH «hunter2»' | redis-cli", `printf 'AUTH app «hunter2»\r\nPING\r\n'`,
			`"AUTH" "app" "«hunter2»"`, `\"AUTH\" \"«hunter2»\"`, "HELLO 3 AUTH app «hunter2» SETNAME x",
			"ACL SETUSER app on >«hunter2» ~* +@all", "redis-cli ACL SETUSER app on '>«hunter2»' <«0ld-one» +@all", `"acl" "setuser" "app" "on" ">«hunter 2»"`,
			"user app on >«hunter2» ~* +@all", `1) "user app on #«` + strings.Repeat("0a", 32) + `» ~* &* +@all"`,
			"requirepass «hunter2»", "CONFIG SET requirepass «hunter2»", `"CONFIG" "SET" "requirepass" "«hunter2»"`, "--masterauth «hunter2»", `"--requirepass","«hunter2»"`,
		},
		leaves: []string{
			"NOAUTH Authentication required.", "ERR AUTH <password> called without any password configured for the default user. Are you sure?", "AUTH failed", "AUTH app failed.",
			"WRONGPASS invalid username-password pair or user is disabled.", "the user is on -> next", `FATAL:  no such user "app" > 3 times`, "ACL LOAD", "author on line",
		},
	},
	"lines of .pgpass": {
		hides: []string{
			"postgres:5432:cogitator:app:«hunter2»", "*:*:*:*:«hunter 2»", "  db.example.org:5432:*:replicator:«hun\\:ter2»", "/var/run/postgresql:5432:app:app:«p\"w»",
			"echo 'postgres:5432:*:app:«hunter2»' >> ~/.pgpass", `{"content":"postgres:5432:*:app:«hunter2»\n"}`, "10.0.0.7:6432:app:*:«x»",
		},
		leaves: []string{
			"dial postgres:5432: connection refused", "postgres:5432:cogitator:app:", "10.0.0.7:6379:master:ok", "02:42:ac:11:00:02", "run:12:step:3:done", "run:12345:step:3:done",
			"a:5432:b:c:d:e", "2026-11-27T10:15:30.123Z a:b:c", "main.go:12:3: undefined: x:y:z", "fe80::42:acff:fe11:2", "sha256:9f86d081884c7d65", "bull:runs:12345:lock",
			"127.0.0.1:5432: postgres: app: idle",
		},
	},
	"signed addresses": {
		hides: []string{
			"https://h/b?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=«hunter2%2F20261127%2Fus-east-1»&X-Amz-Date=20261127T000000Z&X-Amz-Signature=«0a1b2c»",
			"https://h/b?X-Amz-Security-Token=«hunter2»&x=1", "https://h.blob.example.org/c?sv=2024&se=2027&sig=«hunter2%3D»", `{"url":"https://h/c?sv=1\u0026sig=«hunter2%3D»\u0026a=1"}`,
			"https://h/c?Expires=1&amp;Signature=«hunter2»&amp;x", "https://h/c?token=«hunter2»&x#top", "Credential=«hunter2», SignedHeaders=host, Signature=«0123456789abcdef0123»",
		},
		leaves: []string{"design=3", "died of sig=9", "the signature=valid", "assign: sig", "https://h/c?sigma=1&signed=yes", "signal=TERM", "signatures=12"},
	},
	"forms of their own": {
		hides: []string{
			"«ghp_" + strings.Repeat("a1", 18) + "» ok", "«gho_" + strings.Repeat("a1", 18) + "»", "«github_pat_" + strings.Repeat("a1_", 10) + "»", "«glpat-" + strings.Repeat("a1", 10) + "»",
			"«xoxa-2-" + strings.Repeat("1", 12) + "»", "«xoxb-" + strings.Repeat("1", 12) + "»", "«xoxp-" + strings.Repeat("1", 12) + "»", "«AKIAIOSFODNN7EXAMPLE»", "«ASIAIOSFODNN7EXAMPLE»",
			"«sk-" + strings.Repeat("a1", 24) + "»", "«sk-proj-" + strings.Repeat("a1", 24) + "»", "«AGE-SECRET-KEY-1QQPZRY9X8»", "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0x.c2ln»", "«npm_" + strings.Repeat("a1", 18) + "»",
		},
		leaves: []string{
			"ghp_short", "risk-of-losing-all-of-the-rows-of-one-table", "disk-full-of-postgres-and-of-its-backups", "sk-1", "npm_config_cache=/x", "AKIA", "age1qqpzry9x8", "eyJub3Q",
			"github_patience_is_a_virtue_of_all", "xoxo-kisses",
		},
	},
	"lines and signs in JSON": {
		hides: []string{
			`{"msg":"first\nAUTH app «hunter2»\nnpm_ci\n«npm_` + strings.Repeat("a1", 18) + `»"}`, `{"a":"x\npostgres:5432:*:app:«hunter2»\n*:*:*:*:«hunter3»"}`,
			`{"run":"ACL SETUSER app on \u003e«hunter2» ~*"}`, `{"url":"https://h/b?X-Amz-Credential=«hunter2»\u0026X-Amz-Signature=«hunter2»"}`, `"\ttoken:\t«hunter2»\t"`,
		},
		leaves: []string{`C:\new\table`, `{"msg":"AUTH\nfailed"}`, `a\\nAUTH b`},
	},
	"numbers of tokens": {
		hides:  []string{"API_TOKEN=«123456»", "token: «94071»"},
		leaves: []string{"max_tokens=4096", "tokens: 128", `"token_count": "12"`, "token_limit=8192"},
	},
}

func TestForms(t *testing.T) {
	for name, tt := range formTests {
		t.Run(name, func(t *testing.T) {
			for _, marked := range tt.hides {
				text := strings.NewReplacer("«", "", "»", "").Replace(marked)
				if got, want := Guess(text), between(marked); got != want {
					t.Errorf("%q\n becomes %q\n    want %q", text, got, want)
				}
			}
			for _, text := range tt.leaves {
				if got := Guess(text); got != text {
					t.Errorf("%q becomes %q", text, got)
				}
			}
		})
	}
}

// between replaces what stands between « and ».
func between(marked string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(marked, "«")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString(Redaction)
		_, marked, _ = strings.Cut(rest, "»")
	}
}
