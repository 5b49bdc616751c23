package redact

import (
	"slices"
	"strings"
)

// span is a part of a text, in bytes.
type span struct{ from, to int }

// guesses are the parts of a line that look like secrets. A text in JSON is one line with what stands for the
// ends of its lines: it is also searched as what it stands for.
func guesses(line string) []span {
	found := append(awsKeys(line), looked(line, true)...)
	if !strings.Contains(line, `\`) {
		return found
	}
	from := 0
	for part := range strings.SplitSeq(unescape.Replace(line), "\n") {
		for _, p := range looked(part, false) {
			found = append(found, span{from + p.from, from + p.to})
		}
		from += len(part) + 1
	}
	return found
}

// unescape replaces the escapes of JSON that stand around secrets by as many bytes.
var unescape = strings.NewReplacer(`\\`, `\\`, `\n`, " \n", `\r`, "  ", `\t`, "  ", `\u003c`, "     <", `\u003e`, "     >", `\u0026`, "     &")

// looked are the parts that are found by how they look.
func looked(line string, whole bool) (found []span) {
	lower := strings.ToLower(line)
	needed := func(text string) bool { return strings.Contains(lower, text) }
	for _, l := range looks {
		if (whole || !l.alone) && slices.ContainsFunc(l.needs, needed) && (l.within == nil || l.within.MatchString(line)) {
			found = append(found, l.find(line)...)
		}
	}
	return found
}

// find finds what is to be hidden.
func (l look) find(line string) (found []span) {
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

// hide replaces the parts of the text; such as touch are one. What stands for a secret already is a letter of
// its own: it is replaced as a whole or not at all.
func hide(text string, parts []span) string {
	if len(parts) == 0 {
		return text
	}
	hidden := make([]bool, len(text))
	for _, p := range parts {
		cover(hidden, p)
	}
	for from := 0; ; {
		at := strings.Index(text[from:], Redaction)
		if at < 0 {
			break
		}
		stands := span{from + at, from + at + len(Redaction)}
		if slices.Contains(hidden[stands.from:stands.to], true) {
			cover(hidden, stands)
		}
		from = stands.to
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

func cover(hidden []bool, part span) {
	for i := part.from; i < part.to; i++ {
		hidden[i] = true
	}
}
