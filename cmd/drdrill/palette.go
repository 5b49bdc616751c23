package main

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/cogitator-ai/drdrill/reports"
)

// palette colours text with the terminal's own sixteen colours; a plain one leaves it alone.
type palette struct{ plain bool }

func (p palette) red(s string) string {
	return p.paint(ansi.NewStyle().Bold().ForegroundColor(ansi.Red), s)
}
func (p palette) green(s string) string {
	return p.paint(ansi.NewStyle().ForegroundColor(ansi.Green), s)
}
func (p palette) yellow(s string) string {
	return p.paint(ansi.NewStyle().ForegroundColor(ansi.Yellow), s)
}
func (p palette) faint(s string) string { return p.paint(ansi.NewStyle().Faint(), s) }
func (p palette) bold(s string) string  { return p.paint(ansi.NewStyle().Bold(), s) }

func (p palette) paint(style ansi.Style, s string) string {
	if p.plain || s == "" {
		return s
	}
	return style.Styled(s)
}

// verdict colours text by a verdict.
func (p palette) verdict(verdict, s string) string {
	switch verdict {
	case reports.Met:
		return p.green(s)
	case reports.Missed:
		return p.red(s)
	default:
		return p.yellow(s)
	}
}
