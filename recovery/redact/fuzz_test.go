package redact

import (
	"fmt"
	"strings"
	"testing"
)

const planted = "0123456789abcdefABCDEF"

// plantable are lines that hold a secret, whatever it is.
var plantable = []string{
	"SECRET_KEY=%s", "DB_PASS='%s'", `{"password": "%s", "x": 1}`, "x --pass %s --y", "redis://:%s@h/0", "redis-cli -a %s ping", "AUTH app %s", "ACL SETUSER app on >%s ~*",
	"h:5432:*:app:%s", "https://h/x?sig=%s&y=1", "Authorization: Bearer %s", "requirepass %s", "PASSWORD '%s'", "ghp_%s", "AGE-SECRET-KEY-1%s",
}

func seed(f *testing.F) {
	for _, text := range []string{
		"PASSWORD=x\n-----BEGIN PRIVATE KEY-----\nAAAA\n", `{"token":"a\"b","url":"x://a:b@c"}`, "--pass --pass [redacted]", "AUTH [redacted", "user a on >b >c #d",
		"a:5432:b:c:d\\:e", "password '[redacted]''", "cookie: [redacted]=", "\xff\xfe://:\xff@", "redis-cli -a [redacted]] -a x",
	} {
		f.Add(text, uint(0), uint(3))
	}
	for form := range plantable {
		f.Add("-----BEGIN RSA PRIVATE KEY-----\n", uint(form), uint(7))
	}
}

// Whatever stands around a secret, it is not seen, and what was redacted stays as it is.
func FuzzGuess(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string, form, _ uint) {
		if strings.Contains(text, planted) {
			return
		}
		got := Guess(text + "\n" + fmt.Sprintf(plantable[form%uint(len(plantable))], planted) + "\n" + text)
		if strings.Contains(got, planted) {
			t.Errorf("around it %q: the secret is seen: %q", text, got)
		}
		if again := Guess(got); again != got {
			t.Errorf("%q becomes %q when it is redacted again", got, again)
		}
	})
}

// However a line is cut into pieces, the secret is not seen.
func FuzzLines(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string, form, size uint) {
		var lines Lines
		lines.Piece(strings.NewReplacer("\n", "", "\r", "").Replace(text), true)
		size = size%3000 + 1
		line := strings.Repeat("é ", int(size*7%2000)) + fmt.Sprintf(plantable[form%uint(len(plantable))], planted) + ";" + strings.Repeat(" z", int(size*3%2000))
		got := ""
		for size = size%997 + 1; uint(len(line)) > size; line = line[size:] {
			got += lines.Piece(line[:size], false)
		}
		if got += lines.Piece(line, true); strings.Contains(got, planted) {
			t.Errorf("in pieces of %d after %q the secret is seen: %q", size, text, got)
		}
	})
}

// A secret that is known is seen nowhere in a text, and what was redacted stays as it is.
func FuzzText(f *testing.F) {
	f.Add("a hunter2-Xy b", "hunter2-Xy")
	f.Add("PASSWORD=xhunter2-Xy0", "hunter2-Xy")
	f.Add("x://a:b%21%21%21%21c@d", "b!!!!c-d")
	f.Fuzz(func(t *testing.T, text, secret string) {
		if len(secret) < shortestValue || strings.ContainsAny(secret, "[]") || strings.Contains(Redaction, secret) || len(linesOf(secret)) != 1 || linesOf(secret)[0] != secret {
			return
		}
		known := NewStream([]string{secret})
		got := known.Text(text)
		if strings.Contains(got, secret) {
			t.Errorf("%q becomes %q, with the secret %q", text, got, secret)
		}
		if again := known.Text(got); again != got {
			t.Errorf("%q becomes %q when it is redacted again", got, again)
		}
	})
}
