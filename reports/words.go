package reports

import (
	"fmt"
	"strings"
)

// hostWords describe the machine in a line.
func hostWords(h Host) string {
	parts := []string{fmt.Sprintf("%s/%s", h.OS, h.Arch), plural(h.CPUs, "CPU")}
	if h.MemoryBytes > 0 {
		parts = append(parts, bytesSize(h.MemoryBytes)+" of memory")
	}
	if h.Kernel != "" {
		parts = append(parts, "kernel "+h.Kernel)
	}
	return strings.Join(parts, ", ")
}

// engineWords describe the container engine in a line.
func engineWords(e Engine) string {
	if e.Name == "" && e.Version == "" {
		return notRecorded
	}
	words := strings.TrimSpace(e.Name + " " + e.Version)
	if e.APIVersion != "" {
		words += ", API " + e.APIVersion
	}
	if e.StorageDriver != "" {
		words += ", storage " + e.StorageDriver
	}
	return words
}

// deadlineWords are a step's deadline.
func deadlineWords(s Step) string {
	if s.DeadlineSeconds <= 0 {
		return "none"
	}
	return duration(s.DeadlineSeconds)
}

// yours marks what the user put in place of drdrill's own.
func yours(custom bool) string {
	if custom {
		return " (replaced)"
	}
	return ""
}

// capital makes one of our own words begin a heading.
func capital(word string) string {
	if word == "" {
		return word
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
