package reports

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// terminalSequence matches what terminals act upon: CSI sequences (colours, cursor) and OSC
// sequences (titles, links).
var terminalSequence = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)")

// plain makes text that came from a script or a server safe to show: terminal sequences go,
// carriage returns become new lines, other control and direction-changing characters become visible.
func plain(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = terminalSequence.ReplaceAllString(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for _, r := range s {
		b.WriteString(visible(r))
	}
	return b.String()
}

// visible is the character as it may be shown.
func visible(r rune) string {
	switch {
	case r == '\n' || r == '\t':
		return string(r)
	case r == '\r':
		return "\n"
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == 0xFFFE, r == 0xFFFF:
		return fmt.Sprintf("<%U>", r)
	default:
		return string(r)
	}
}

// oneLine is plain text on one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(plain(s)), " ")
}

// clipped cuts a text to a number of characters and says so with an ellipsis.
func clipped(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return strings.TrimRight(string(runes[:max(limit-1, 0)]), " ") + "…"
}

// lastLines are the last n lines of a text; cut says whether there were more.
func lastLines(s string, n int) (tail string, cut bool) {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) <= n {
		return strings.Join(lines, "\n"), false
	}
	return strings.Join(lines[len(lines)-n:], "\n"), true
}

// slug makes a name fit for an anchor or a class name: lower case, digits and hyphens.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
