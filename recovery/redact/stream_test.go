package redact

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// stream passes the text through a redactor in chunks of the given size.
func stream(text string, chunk int, secrets ...string) string {
	r := NewStream(secrets)
	var out strings.Builder
	for part := range slices.Chunk([]byte(text), chunk) {
		out.Write(r.Write(part))
	}
	out.Write(r.Flush())
	return out.String()
}

func TestRedact(t *testing.T) {
	tests := []struct {
		name    string
		secrets []string
		text    string
		want    string
	}{
		{"none", nil, "abc", "abc"},
		{"empty secrets", []string{"", " ", "\n"}, "a b\n", "a b\n"},
		{"in the middle", []string{"hunter2"}, "x hunter2 y", "x [redacted] y"},
		{"nearly", []string{"hunter2"}, "hunter3 hunte", "hunter3 hunte"},
		{"twice", []string{"ab"}, "ab-ab", "[redacted]-[redacted]"},
		{"one after the other", []string{"ab"}, "xababx", "x[redacted]x"},
		{"false start", []string{"aab"}, "aaab", "a[redacted]"},
		{"one in the other", []string{"pass", "password"}, "password pass", "[redacted] [redacted]"},
		{"one in the other, cut short", []string{"pass", "password"}, "passwor", "[redacted]wor"},
		{"overlapping", []string{"abcd", "cdef"}, "xabcdefx", "x[redacted]x"},
		{"overlapping itself", []string{"aa"}, "xaaaaax", "x[redacted]x"},
		{"read from a file", []string{"hunter2\n"}, "hunter2", "[redacted]"},
		{"of several lines", []string{"-----KEY-----\nabcdefgh\n}\n"}, "-----KEY-----\r\nabcdefgh\r\n}\r\n", "[redacted]\r\n[redacted]\r\n}\r\n"},
		{"in a URL", []string{"p@ss/w rd"}, "?p=p%40ss%2Fw+rd redis://:p%40ss%2Fw%20rd@h /p@ss%2Fw%20rd/ p%40ss", "?p=[redacted] redis://:[redacted]@h /[redacted]/ p%40ss"},
		{"not UTF-8", []string{"\xff\xfe"}, "a\xff\xfeb", "a[redacted]b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for chunk := 1; chunk <= len(tt.text); chunk++ {
				if got := stream(tt.text, chunk, tt.secrets...); got != tt.want {
					t.Errorf("by %d bytes: %q, want %q", chunk, got, tt.want)
				}
			}
			if got := NewStream(tt.secrets).Text(tt.text); got != tt.want {
				t.Errorf("as a whole: %q, want %q", got, tt.want)
			}
		})
	}
}

// A complete line is never held back: the step that it begins begins now.
func TestStreamHoldsNoCompleteLine(t *testing.T) {
	r := NewStream([]string{"\nsecret", "line one of it\nline two of it"})
	for _, line := range []string{"==> a\n", "line one of it\n", "secret\n"} {
		if got := string(r.Write([]byte(line))); !strings.HasSuffix(got, "\n") {
			t.Errorf("of %q only %q was passed on", line, got)
		}
	}
}

func TestStreamKeepsLittle(t *testing.T) {
	r := NewStream([]string{strings.Repeat("a", 100)})
	for range 1000 {
		r.Write([]byte(strings.Repeat("a", 1000)))
	}
	if len(r.held) >= 100 {
		t.Errorf("%d bytes held, want fewer than the secret has", len(r.held))
	}
}

func TestRedactedErrorIsStillTheError(t *testing.T) {
	r := NewStream([]string{"hunter2"})
	err := r.Error(&fs.PathError{Op: "open", Path: "/hunter2", Err: fs.ErrNotExist})
	if err.Error() != "open /[redacted]: file does not exist" {
		t.Errorf("got %q", err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("the error lost what it is")
	}
	if plain := errors.New("plain"); !errors.Is(r.Error(plain), plain) {
		t.Error("an error without a secret became another")
	}
}

func FuzzStream(f *testing.F) {
	f.Add("xabcdefabx", "abcd", "cdef", 2)
	f.Add("aaaaaaaa", "aa", "aaa", 1)
	f.Add("a\nb\nsecret one\nsecret two\n", "secret one\nsecret two", "%", 3)
	f.Fuzz(func(t *testing.T, text, one, two string, chunk int) {
		if chunk < 1 || chunk > 1<<20 {
			chunk = 1
		}
		got, want := stream(text, chunk, one, two), covering(text, one, two)
		if got != want {
			t.Errorf("%q without %q and %q by %d bytes: %q, want %q", text, one, two, chunk, got, want)
		}
	})
}

// covering redacts a text that is there as a whole: each byte that is part of any secret.
func covering(text string, secrets ...string) string {
	hidden := make([]bool, len(text))
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			for at := range len(text) {
				if strings.HasPrefix(text[at:], form) {
					for i := range len(form) {
						hidden[at+i] = true
					}
				}
			}
		}
	}
	var out strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(Redaction)
		}
	}
	return out.String()
}
