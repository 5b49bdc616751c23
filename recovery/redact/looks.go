package redact

import (
	"regexp"
	"strings"
)

// secretNames are the parts of names by which a value is taken for a secret.
const secretNames = `passw(?:or)?d|passphrase|pwd|secret|token|credential|` +
	`(?:api|access|account|private|signing|encryption|master|shared)[_.-]?key`

// named are texts of which each of these names has one.
var named = []string{"passw", "passphrase", "pwd", "secret", "token", "credential", "key"}

const (
	// assigned is what stands between a name and its value.
	assigned = `\\*["']?\s*(?:=>|[:=])\s*`
	// spaced is what stands between a flag and its value, also in a list of arguments in JSON.
	spaced = `(?:\s+|\\*["']\s*,\s*\\*["'])`
	// value is in quotes, in quotes that are escaped, or up to what ends it.
	value = `(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|\\+"(.*?)\\+"|([^\s"',;&\\]+))`
	// word is an argument without quotes.
	word = `[^\s"'\\;|&]+`
	// credentials are a password, or a user and a password, with which a command ends.
	credentials = `\s+(?:["']?` + word + `["']?\s+)?["']?(` + word + `)\s*(?:$|["'\\;|&])`
)

// look is how one kind of secret looks. The groups of the pattern are what is hidden; of one without
// groups all is.
type look struct {
	needs   []string // one of them is in the line, in lower case: most lines have none, and are searched no further
	pattern *regexp.Regexp
	only    func(match string) bool // which matches count; nil for all
	within  *regexp.Regexp          // which lines are looked at; nil for all
	alone   bool                    // it fills a whole line
}

var looks = []look{
	// a URL's password, a token in the place of its user, and the signature of one that is signed
	{needs: []string{"://"}, pattern: regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:([^\s/"'<>]+)@`)},
	{needs: []string{"://"}, pattern: regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://([A-Za-z0-9_.~%-]{20,})@`)},
	{needs: []string{"sig"}, pattern: regexp.MustCompile(`(?i)[?&;]sig(?:nature)?=([^\s&"'\\<>]+)`)},
	{needs: []string{"signature"}, pattern: regexp.MustCompile(`(?i)(?:\bx-(?:amz|goog)-signature=([^\s&"'\\<>]+)|\bsignature=([A-Za-z0-9+/=_%-]{16,}))`)},
	// NAME=value, name: value, "name": "value", --name value
	{needs: named, pattern: regexp.MustCompile(`(?i)[a-z0-9_.-]*(?:` + secretNames + `)[a-z0-9_.-]*` + assigned + value), only: telling},
	{needs: []string{"pass"}, pattern: regexp.MustCompile(`(?i)[a-z0-9_.-]*[_.-]pass` + assigned + value)},
	{needs: []string{"pass"}, pattern: regexp.MustCompile(`(?i)\bpass(?:\s*=|\\*["']\s*[:=])\s*` + value), only: noNumber},
	{needs: named, pattern: regexp.MustCompile(`(?i)--[a-z0-9-]*(?:` + secretNames + `)[a-z0-9-]*` + spaced + value), only: noFlag},
	{needs: []string{"pass"}, pattern: regexp.MustCompile(`(?i)--(?:[a-z0-9-]+-)?pass` + spaced + value), only: noFlag},
	// headers
	{needs: []string{"authorization"}, pattern: regexp.MustCompile(`(?i)authorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:basic|bearer|digest|negotiate|token|aws4-hmac-sha256)\s+)?([^"'\\]+)`)},
	{needs: []string{"bearer"}, pattern: regexp.MustCompile(`(?i)\bbearer\s+([a-z0-9._~+/=-]{8,})`)},
	{needs: []string{"cookie"}, pattern: regexp.MustCompile(`(?i)\bcookie\\*["']?\s*[:=]\s*\\*["']?([^"'\\]+)`)},
	// what servers and their clients are told
	{needs: []string{"requirepass", "masterauth", "auth-pass"}, pattern: regexp.MustCompile(`(?i)\b(?:requirepass|masterauth|auth-pass\s+\S+)(?:` + spaced + `|\\*["']\s+\\*["']|\s*=\s*|\s+)"?([^\s"'\\]+)`)},
	{needs: []string{"auth"}, pattern: regexp.MustCompile(`(?i)"auth\\*"\s+(?:\\*"[^"\\]*\\*"\s+)?\\*"([^"\\]+)`)},
	{needs: []string{"auth"}, pattern: regexp.MustCompile(`\bAUTH` + credentials), only: noOutcome},
	{needs: []string{"redis-cli"}, pattern: regexp.MustCompile(`(?i)\bredis-cli\b.*?\sauth` + credentials), only: noOutcome},
	{needs: []string{"hello"}, pattern: regexp.MustCompile(`(?i)\bhello\s+[23]\s+auth\s+\S+\s+(` + word + `)`)},
	{needs: []string{"user"}, pattern: regexp.MustCompile(`(?:"[<>]((?:[^"\\]|\\.)+)"|(?:\s|["'])[<>](` + word + `)|#([0-9a-f]{64}))`), within: aclRule},
	{needs: []string{"redis-cli"}, pattern: regexp.MustCompile(`(?i)\bredis-cli\b.*?\s-a\s+` + value)},
	{needs: []string{"redis-cli"}, pattern: regexp.MustCompile(`(?i)\bredis-cli\\*["']\s*,.*?["']-a\\*["']\s*,\s*\\*["']([^"'\\]+)`)},
	{needs: []string{"curl"}, pattern: regexp.MustCompile(`(?i)\bcurl\b.*?\s(?:-u|--user)[\s=]*["']?[^\s:"']*:([^\s"']+)`)},
	{needs: []string{"password", "identified"}, pattern: regexp.MustCompile(`(?i)\b(?:password|identified\s+by)\s+'((?:[^']|'')+)'`)},
	{needs: []string{"scram-"}, pattern: regexp.MustCompile(`SCRAM-SHA-256\$[^\s"']+`)},
	// a line of .pgpass, alone and among other words: host, port, database and user, each of which can be *
	{needs: []string{":"}, pattern: regexp.MustCompile(`^\s*` + pgpass + `(\S.*?)\s*$`), only: fiveFields, alone: true},
	{needs: []string{":"}, pattern: regexp.MustCompile(`(?:^|[\s"'=])` + pgpass + `((?:[^\s"'\\]|\\[:\\])+)`), only: fiveFields},
	// keys and tokens that have a form of their own
	{needs: []string{"akia", "asia", "aroa", "aida", "agpa", "abia", "acca"}, pattern: regexp.MustCompile(`\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ABIA|ACCA)[A-Z0-9]{16}\b`)},
	{needs: []string{"eyj"}, pattern: regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?`)},
	{needs: []string{"gh", "github_pat_", "glpat-", "npm_", "xox", "sk-", "sk_", "rk_", "aiza"}, pattern: regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{30,}|xox[abeoprs]-[\w-]{10,}|sk-[\w-]{20,}|[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{35})`)},
	{needs: []string{"age-secret-key-"}, pattern: regexp.MustCompile(`(?i)\bAGE-SECRET-KEY-(?:PQ-)?1[a-z0-9]+`)},
	// a whole key in one line, its line ends written as \n
	{needs: []string{"private key"}, pattern: regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)},
}

// pgpass are the fields of a line of .pgpass before the password. A port has four figures or five: shorter
// numbers between colons are times, addresses and parts of keys.
const pgpass = `(?:\*|[\w./-]+):(?:\*|[0-9]{4,5}):(?:\*|[\w.-]+):(?:\*|[A-Za-z_][\w.-]*):`

// aclRule is what says that a line gives a user of Redis passwords: a command, or a line of its file.
var aclRule = regexp.MustCompile(`(?i)\bsetuser\b|\buser\s+\S+\s+(?:on|off|reset|nopass)\b`)

// place and the others are names that look secret and hold none.
var (
	place  = regexp.MustCompile(`(?i)^-*[a-z0-9_.-]*[_.-](?:file|path|dir|name|sock)["'\\]*\s*[:=]`)
	folder = regexp.MustCompile(`(?i)^(?:old)?pwd\s*[:=]`)
	count  = regexp.MustCompile(`(?i)token(?:s|[_.-](?:count|limit|budget|length|ttl))["'\\]*\s*[:=]\s*["']?[0-9.,]{1,9}["']?$`)
	number = regexp.MustCompile(`[:=]\s*["']?[0-9.,]{1,9}["']?$`)
	flag   = regexp.MustCompile(`^--[A-Za-z0-9-]*[\s"',\\]+-`)
	// outcome is what is said of AUTH and is not said with it.
	outcome = regexp.MustCompile(`(?i)\s(?:error|failed|failure|ok|required|succeeded|<password>)\W*$`)
)

// telling says whether the value of a name can be a secret: the place of one is none, nor is a number of tokens.
func telling(match string) bool {
	return !place.MatchString(match) && !folder.MatchString(match) && !count.MatchString(match)
}

func noNumber(match string) bool { return !number.MatchString(match) }

// noFlag says that what follows a flag is its value and not the next flag.
func noFlag(match string) bool { return !flag.MatchString(match) }

func noOutcome(match string) bool { return !outcome.MatchString(match) }

// fiveFields says that a colon in the password is escaped, as it has to be: there is no sixth field.
func fiveFields(match string) bool {
	return strings.Count(strings.ReplaceAll(match, `\:`, ""), ":") == 4
}
