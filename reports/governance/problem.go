package governance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// InvalidError is a file that cannot be used, with everything that was found wrong with it.
type InvalidError struct {
	File     string
	Problems []Problem // at least one, in the order of the file
}

// Problem is one thing that is wrong, and where. Line and Column count from 1.
type Problem struct {
	Line, Column int
	Message      string
	// Excerpt is the line, and below it a mark at the column.
	Excerpt string
}

// Error tells the problems, each with its place and excerpt; not more of them than can be read.
func (e *InvalidError) Error() string {
	const most = 20
	var text strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			text.WriteByte('\n')
		}
		if i == most {
			fmt.Fprintf(&text, "%s: and %d more", e.File, len(e.Problems)-most)
			break
		}
		fmt.Fprintf(&text, "%s:%d:%d: %s\n%s", e.File, p.Line, p.Column, p.Message, p.Excerpt)
	}
	return text.String()
}

// place is a position in a text, counted from 1.
type place struct{ line, column int }

// finder collects the problems of a text.
type finder struct {
	lines []string
	found []Problem
}

func newFinder(content string) *finder { return &finder{lines: strings.Split(content, "\n")} }

// find notes a problem. A place outside the text, as where its end comes too soon, is moved into it.
func (f *finder) find(at place, format string, args ...any) {
	line := min(max(at.line, 1), len(f.lines))
	text := printable(f.lines[line-1])
	column := min(max(at.column, 1), len(text)+1)
	f.found = append(f.found, Problem{line, column, fmt.Sprintf(format, args...), excerpt(line, column, text)})
}

// unknown notes a word that is not among those known, with the nearest of them.
func (f *finder) unknown(at place, what, word string, known []string) {
	word = brief(word)
	f.find(at, "unknown %s %q: did you mean %q? It can be %s", what, word, nearest(word, known), strings.Join(known, ", "))
}

// err is what was found, in the order of the file; nil where that is nothing.
func (f *finder) err(file string) error {
	if len(f.found) == 0 {
		return nil
	}
	slices.SortStableFunc(f.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &InvalidError{file, f.found}
}

// excerpt is the part of a line around the column, beside the line's number, and a mark below it.
func excerpt(line, column int, text []rune) string {
	const before, width = 60, 100
	from := max(0, min(column-1-before, len(text)-width))
	to := min(len(text), from+width)
	shown := strings.TrimRight(string(text[from:to]), " ")
	return fmt.Sprintf("%5d | %s\n      | %*s", line, shown, column-from, "^")
}

// printable is the line with a space for every character that is not to be seen.
func printable(line string) []rune {
	text := []rune(strings.TrimRight(line, "\r"))
	for i, r := range text {
		if !unicode.IsPrint(r) {
			text[i] = ' '
		}
	}
	return text
}

// brief is the beginning of a word that is too long for a message.
func brief(word string) string {
	const longest = 60
	if text := []rune(word); len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return word
}

// nearest is the known word with the fewest edits to the given one, the first of equals.
func nearest(word string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(word, a) - levenshtein.ComputeDistance(word, b)
	})
}
