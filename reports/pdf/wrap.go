package pdf

import "strings"

// wrap breaks a text into lines of the width. A word that is longer than a line is broken; spaces that
// do not break hold words together where that is possible.
func wrap(s string, f face, width float64) []string {
	var lines []string
	for _, paragraph := range strings.Split(shown(s), "\n") {
		lines = append(lines, wrapWords(strings.Split(paragraph, " "), f, width)...)
	}
	return lines
}

func wrapWords(words []string, f face, width float64) []string {
	var lines []string
	current, begun := "", false
	for _, word := range words {
		joined := word
		if begun {
			joined = current + " " + word
		}
		if f.width(joined) <= width {
			current, begun = joined, true
			continue
		}
		if begun {
			lines = append(lines, current)
		}
		parts := broken(word, f, width)
		lines = append(lines, parts[:len(parts)-1]...)
		current, begun = parts[len(parts)-1], true
	}
	return append(lines, current)
}

// broken cuts a word into parts of at most the width, after a hyphen, slash or the like where one is
// near. There is at least one part, and each has a character.
func broken(word string, f face, width float64) []string {
	var parts []string
	runes := []rune(word)
	for f.width(string(runes)) > width {
		n := 1
		for n < len(runes) && f.width(string(runes[:n+1])) <= width {
			n++
		}
		n = goodBreak(runes, n)
		parts = append(parts, string(runes[:n]))
		if runes = runes[n:]; len(runes) == 0 {
			return parts
		}
	}
	return append(parts, string(runes))
}

// goodBreak is where to break before the nth character at the latest.
func goodBreak(runes []rune, n int) int {
	for i := n; i > n/2; i-- {
		if strings.ContainsRune("-/_.,:=\u00a0", runes[i-1]) {
			return i
		}
	}
	return n
}

// clip cuts a text to a width, and says so with an ellipsis.
func clip(s string, f face, width float64) string {
	if f.width(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && f.width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
