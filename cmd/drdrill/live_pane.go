package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// pane is the part of the terminal, at its end, that is painted over and over. What is shown as
// lasting goes above it and scrolls away like any output.
type pane struct {
	out   io.Writer
	lines []string // as painted last
}

// The terminal holds back what is between these two and then shows it at once; terminals that do not
// know them ignore them.
const (
	beginSync = "\x1b[?2026h"
	endSync   = "\x1b[?2026l"
)

// show replaces the pane's lines, in one write. Lines must not be wider than the terminal.
func (p *pane) show(lasting, lines []string, width int) {
	var b strings.Builder
	b.WriteString(beginSync)
	b.WriteString(p.wipe(width))
	for _, line := range append(lasting, lines...) {
		b.WriteString(line + "\n")
	}
	b.WriteString(endSync)
	p.lines = lines
	_, _ = io.WriteString(p.out, b.String())
}

// wipe goes back to where the pane began and clears from there. After the terminal became narrower,
// the lines painted earlier take several rows each.
func (p *pane) wipe(width int) string {
	rows := 0
	for _, line := range p.lines {
		rows += max(1, (ansi.StringWidth(line)+width-1)/width)
	}
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dF\x1b[J", rows)
}
