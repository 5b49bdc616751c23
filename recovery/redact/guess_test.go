package redact

import (
	"slices"
	"strings"
	"testing"
)

// secret is what must not be seen in the tests' texts; it has no form of its own.
const hidden = "hunter2-Xy"

const awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func TestGuess(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"postgres://cogitator:" + hidden + "@db:5432/cogitator?sslmode=disable", "postgres://cogitator:[redacted]@db:5432/cogitator?sslmode=disable"},
		{"redis://:" + hidden + "@redis:6379/0", "redis://:[redacted]@redis:6379/0"},
		{"amqp://u:p@ss-" + hidden + "@h", "amqp://u:[redacted]@h"},
		{"https://" + strings.Repeat("t0k3n", 5) + "@git.example.org/r", "https://[redacted]@git.example.org/r"},
		{"http://localhost:8080/users/me@example.org", "http://localhost:8080/users/me@example.org"},
		{"PGPASSWORD=" + hidden + " pg_dump", "PGPASSWORD=[redacted] pg_dump"},
		{"export API_TOKEN='" + hidden + " and more'", "export API_TOKEN='[redacted]'"},
		{`{"Env":["DB_PASSWORD=` + hidden + `","TZ=UTC"]}`, `{"Env":["DB_PASSWORD=[redacted]","TZ=UTC"]}`},
		{`{"password": "` + hidden + `\"x", "user": "cogitator"}`, `{"password": "[redacted]", "user": "cogitator"}`},
		{`msg="{\"client_secret\":\"` + hidden + `\",\"a\":1}"`, `msg="{\"client_secret\":\"[redacted]\",\"a\":1}"`},
		{"client-secret: " + hidden, "client-secret: [redacted]"},
		{"psql --password " + hidden + " --host db", "psql --password [redacted] --host db"},
		{"psql --password --host db", "psql --password --host db"},
		{"GET /x?access_token=" + hidden + "&page=2", "GET /x?access_token=[redacted]&page=2"},
		{"aws_secret_access_key = " + awsSecret, "aws_secret_access_key = [redacted]"},
		{"the key is " + awsSecret + ".", "the key is [redacted]."},
		{awsSecret, "[redacted]"},
		{"id AKIAIOSFODNN7EXAMPLE used", "id [redacted] used"},
		{"Authorization: Bearer " + hidden, "Authorization: Bearer [redacted]"},
		{`-H "Authorization: Basic aHVudGVyMg=="`, `-H "Authorization: Basic [redacted]"`},
		{"with bearer " + hidden + " sent", "with bearer [redacted] sent"},
		{"Set-Cookie: sid=" + hidden + "; Path=/", "Set-Cookie: [redacted]"},
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0x.c2lnbmF0dXJl", "[redacted]"},
		{"requirepass " + hidden, "requirepass [redacted]"},
		{`1.2 [0 10.0.0.1:5] "AUTH" "` + hidden + `"`, `1.2 [0 10.0.0.1:5] "AUTH" "[redacted]"`},
		{"redis-cli -h redis -a " + hidden + " ping", "redis-cli -h redis -a [redacted] ping"},
		{"curl -s -u admin:" + hidden + " http://h/", "curl -s -u admin:[redacted] http://h/"},
		{"ALTER ROLE cogitator PASSWORD '" + hidden + "';", "ALTER ROLE cogitator PASSWORD '[redacted]';"},
		{"ghp_" + strings.Repeat("a1", 18), "[redacted]"},
		{"AGE-SECRET-KEY-1QQPZRY9X8", "[redacted]"},
		{"a\n-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0\nQUJD\n-----END PRIVATE KEY-----\nb\n", "a\n[redacted]\n[redacted]\n[redacted]\n[redacted]\nb\n"},
		{"-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-256-CBC,00\r\n\r\nMIIE\r\n-----END RSA PRIVATE KEY-----\r\n", "[redacted]\r\n[redacted]\r\n[redacted]\r\n\r\n[redacted]\r\n[redacted]\r\n"},
		{"app | -----BEGIN OPENSSH PRIVATE KEY-----\napp | b3BlbnNz\napp | -----END OPENSSH PRIVATE KEY-----\n", "app | [redacted]\n[redacted]\n[redacted]\n"},
		{"-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0\n==> next step\nplain words\n", "[redacted]\n[redacted]\n==> next step\nplain words\n"},
		{`key: "-----BEGIN EC PRIVATE KEY-----\nMIIE\n-----END EC PRIVATE KEY-----\n" end`, `key: "[redacted]\n" end`},
		{"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"},
	} {
		got := Guess(tt.text)
		if got != tt.want {
			t.Errorf("%q\n becomes %q\n    want %q", tt.text, got, tt.want)
		}
		if again := Guess(got); again != got {
			t.Errorf("%q becomes %q when it is redacted again", got, again)
		}
	}
}

// What is hidden may have kept something else from being found: a sixth field is none, once its colon is hidden.
func TestGuessGoesOn(t *testing.T) {
	got := Guess("h:5432:d:u:token=a:b")
	if got != "h:5432:d:u:[redacted]" {
		t.Errorf("got %q", got)
	}
	if again := Guess(got); again != got {
		t.Errorf("%q becomes %q", got, again)
	}
}

// What stands for a secret is never taken apart: a text would get longer each time that it is redacted.
func TestHide(t *testing.T) {
	for _, tt := range []struct {
		part span
		want string
	}{
		{span{3, 5}, "ab[redacted]cd"}, {span{1, 4}, "a[redacted]cd"}, {span{11, 13}, "ab[redacted]d"}, {span{0, 14}, "[redacted]"}, {span{0, 1}, "[redacted]b[redacted]cd"}, {span{4, 4}, "ab[redacted]cd"},
	} {
		if got := hide("ab[redacted]cd", []span{tt.part}); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.part, got, tt.want)
		}
	}
}

// What a drill leaves in the ordinary way stays as it is.
func TestGuessLeavesAlone(t *testing.T) {
	for _, text := range []string{
		"FATAL:  password authentication failed for user \"cogitator\"",
		"PASSWORD_FILE=/run/secrets/postgres",
		"SSH_AUTH_SOCK=/tmp/ssh", "PWD=/opt/drdrill", "OLDPWD=/",
		"max_tokens=4096, tokens: 128", `"token_count": "12"`,
		"commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"lost_memory_keys=12", "missing key 'run:12' in redis", "the key was evicted: run:12",
		"==> verify the backup [10]", "redis-cli -h redis INFO keyspace",
		"authorization is checked by the store", "audit,199,acknowledged,00000000000000c7",
		"LOG:  database system was not properly shut down; automatic recovery in progress",
	} {
		if got := Guess(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// Every look is reached: what it needs stands in each line that it could match.
func TestLooksAreReached(t *testing.T) {
	for _, text := range []string{
		"ssh://a:" + hidden + "@h", "PWD_X=" + hidden, "PASSPHRASE=" + hidden, "credential=" + hidden, "signing.key=" + hidden,
		"masterauth " + hidden, "sentinel auth-pass main " + hidden, "IDENTIFIED BY '" + hidden + "'",
		"SCRAM-SHA-256$4096:" + hidden, "ASIAIOSFODNN7EXAMPLE", "glpat-" + strings.Repeat("a", 20), "xoxb-" + strings.Repeat("1", 12),
		"sk-" + strings.Repeat("a", 20), "sk_live_" + strings.Repeat("a", 20), "AIza" + strings.Repeat("a", 35), "npm_" + strings.Repeat("a", 36),
	} {
		if got := Guess(text); !strings.Contains(got, Redaction) || strings.Contains(got, hidden) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// What ends a secret may come in the next piece of a line, and neither it nor its beginning is seen before.
func TestSecretAtTheEndOfAPiece(t *testing.T) {
	line := strings.Repeat("é ", 2*longest) + `{"password": "` + hidden + `"}` + strings.Repeat(" é", 2*longest)
	for cut := len(line)/2 - 30; cut < len(line)/2+30; cut++ {
		var lines Lines
		got := lines.Piece(line[:cut], false) + lines.Piece(line[cut:], true)
		if strings.ReplaceAll(got, Redaction+Redaction, Redaction) != strings.Replace(line, hidden, Redaction, 1) {
			t.Fatalf("cut at %d: %q", cut, strings.Trim(got, "é "))
		}
	}
}

// A line that comes in pieces hides no less than one that comes whole.
func TestLinesInPieces(t *testing.T) {
	line := "x API_TOKEN=" + hidden + " y"
	for cut := strings.Index(line, "=") + 1; cut < len(line); cut++ {
		var lines Lines
		got := lines.Piece(line[:cut], false) + lines.Piece(line[cut:], true)
		if strings.Contains(got, hidden) || strings.Contains(strings.ReplaceAll(got, Redaction, ""), "unter") {
			t.Errorf("cut at %d: %q", cut, got)
		}
		if next := lines.Piece("plain", true); next != "plain" {
			t.Errorf("the next line becomes %q", next)
		}
	}
}

func TestStrings(t *testing.T) {
	type inner struct{ Text string }
	value := struct {
		Text    string
		List    []inner
		Pointer *inner
		None    *inner
		Map     map[string]string
		Nested  map[string]inner
		Number  int
		Own     string  `redact:"-"`
		Owned   []inner `redact:"-"`
		private string
	}{
		Text: "a " + hidden, List: []inner{{"PASSWORD=abc"}}, Pointer: &inner{hidden}, Map: map[string]string{"k": hidden, "l": "plain"},
		Nested: map[string]inner{"k": {hidden}}, private: "not looked at",
		Own: hidden, Owned: []inner{{hidden}},
	}
	NewStream([]string{hidden}).Strings(&value)
	seen := []string{value.Text, value.List[0].Text, value.Pointer.Text, value.Map["k"], value.Map["l"], value.Nested["k"].Text, value.private, value.Own, value.Owned[0].Text}
	want := []string{"a [redacted]", "PASSWORD=[redacted]", "[redacted]", "[redacted]", "plain", "[redacted]", "not looked at", hidden, hidden}
	if !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}
