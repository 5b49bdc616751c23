package redact

import (
	"regexp"
	"strings"
)

// secretNames are the parts of names by which a value is taken for a secret.
const secretNames = `passw(?:or)?d|passphrase|pwd|secret|token|credential|` +
	`(?:api|access|account|private|signing|encryption|master|shared)[_.-]?key`

// A value in quotes, in quotes that are escaped, or up to what ends it.
const value = `(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|\\+"(.*?)\\+"|([^\s"',;&\\]+))`

// look is how one kind of secret looks. The groups of the pattern are what is hidden; of one without
// groups all is. only says which matches count; nil for all.
type look struct {
	pattern *regexp.Regexp
	only    func(match string) bool
}

var looks = []look{
	// a URL's password, and a token in the place of its user
	{pattern: regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:([^\s/"'<>]+)@`)},
	{pattern: regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://([A-Za-z0-9_.~%-]{20,})@`)},
	// NAME=value, name: value, "name": "value", --name value
	{pattern: regexp.MustCompile(`(?i)[a-z0-9_.-]*(?:` + secretNames + `)[a-z0-9_.-]*\\*["']?\s*(?:=>|[:=])\s*` + value), only: telling},
	{pattern: regexp.MustCompile(`(?i)--[a-z0-9-]*(?:` + secretNames + `)[a-z0-9-]*\s+` + value), only: noFlag},
	// headers
	{pattern: regexp.MustCompile(`(?i)authorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:basic|bearer|digest|negotiate|token|aws4-hmac-sha256)\s+)?([^"'\\]+)`)},
	{pattern: regexp.MustCompile(`(?i)\bbearer\s+([a-z0-9._~+/=-]{8,})`)},
	{pattern: regexp.MustCompile(`(?i)\bcookie\\*["']?\s*[:=]\s*\\*["']?([^"'\\]+)`)},
	// what servers and their clients are told
	{pattern: regexp.MustCompile(`(?i)\b(?:requirepass|masterauth|auth-pass\s+\S+)\s+"?([^\s"]+)`)},
	{pattern: regexp.MustCompile(`(?i)"auth"\s+(?:"[^"]*"\s+)?"([^"]+)"`)},
	{pattern: regexp.MustCompile(`(?i)\bredis-cli\b.*?\s-a\s+` + value)},
	{pattern: regexp.MustCompile(`(?i)\bcurl\b.*?\s(?:-u|--user)[\s=]*["']?[^\s:"']*:([^\s"']+)`)},
	{pattern: regexp.MustCompile(`(?i)\b(?:password|identified\s+by)\s+'((?:[^']|'')+)'`)},
	{pattern: regexp.MustCompile(`SCRAM-SHA-256\$[^\s"']+`)},
	// keys and tokens that have a form of their own
	{pattern: regexp.MustCompile(`\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ABIA|ACCA)[A-Z0-9]{16}\b`)},
	{pattern: regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?`)},
	{pattern: regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{30,}|xox[abeoprs]-[\w-]{10,}|sk-[\w-]{20,}|[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{35})`)},
	{pattern: regexp.MustCompile(`(?i)\bAGE-SECRET-KEY-(?:PQ-)?1[a-z0-9]+`)},
	// a whole key in one line, its line ends written as \n
	{pattern: regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)},
}

// triggers are texts of which each line has one, in lower case, that a look could match: most lines have none,
// and are not searched any further.
var triggers = []string{
	"://", "passw", "passphrase", "pwd", "secret", "token", "credential", "key", "authorization", "bearer", "cookie",
	"requirepass", "masterauth", "auth", "redis-cli", "curl", "identified", "scram-", "akia", "asia", "aroa", "aida",
	"agpa", "abia", "acca", "eyj", "gh", "glpat-", "npm_", "xox", "sk-", "sk_", "rk_", "aiza",
}

// plural and the others are names that look secret and hold none.
var (
	place  = regexp.MustCompile(`(?i)^-*[a-z0-9_.-]*[_.-](?:file|path|dir|name|sock)["'\\]*\s*[:=]`)
	folder = regexp.MustCompile(`(?i)^(?:old)?pwd\s*[:=]`)
	count  = regexp.MustCompile(`(?i)token.*?[:=]\s*["']?[0-9.,]{1,9}["']?$`)
)

// telling says whether the value of a name can be a secret: the place of one is none, nor is a number of tokens.
func telling(match string) bool {
	return !place.MatchString(match) && !folder.MatchString(match) && !count.MatchString(match)
}

// noFlag says that what follows a flag is its value and not the next flag.
func noFlag(match string) bool {
	fields := strings.Fields(match)
	return len(fields) < 2 || !strings.HasPrefix(fields[1], "-")
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// guesses are the parts of a line that look like secrets.
func guesses(line string) []span {
	found := awsKeys(line)
	lower := strings.ToLower(line)
	for _, trigger := range triggers {
		if strings.Contains(lower, trigger) {
			return append(found, looked(line)...)
		}
	}
	return found
}

func looked(line string) (found []span) {
	for _, l := range looks {
		for _, at := range l.pattern.FindAllStringSubmatchIndex(line, -1) {
			if l.only != nil && !l.only(line[at[0]:at[1]]) {
				continue
			}
			if len(at) == 2 {
				found = append(found, span{at[0], at[1]})
			}
			for group := 2; group < len(at); group += 2 {
				if at[group] >= 0 {
					found = append(found, span{at[group], at[group+1]})
				}
			}
		}
	}
	return found
}

// awsKeyLength is that of a secret access key of AWS, which has no other mark.
const awsKeyLength = 40

// awsKeys are words of the length and the letters of such keys. A digest in hexadecimal has no capitals
// beside small letters, and a word of one kind of letters is likely to be a name.
func awsKeys(line string) (found []span) {
	from := 0
	for i := 0; i <= len(line); i++ {
		if i < len(line) && strings.IndexByte("+/=", line[i]) < 0 && !alphanumeric(line[i]) {
			if i-from == awsKeyLength && mixed(line[from:i]) {
				found = append(found, span{from, i})
			}
			from = i + 1
		} else if i == len(line) && i-from == awsKeyLength && mixed(line[from:]) {
			found = append(found, span{from, i})
		}
	}
	return found
}

func alphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func mixed(word string) bool {
	return strings.ContainsAny(word, "0123456789") && strings.ToLower(word) != word && strings.ToUpper(word) != word &&
		!strings.Contains(word, "=")
}

// hide replaces the parts of the text; such as touch are one.
func hide(text string, parts []span) string {
	if len(parts) == 0 {
		return text
	}
	hidden := make([]bool, len(text))
	for _, p := range parts {
		for i := p.from; i < p.to; i++ {
			hidden[i] = true
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			b.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString(Redaction)
		}
	}
	return b.String()
}
