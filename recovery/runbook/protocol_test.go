package runbook

import (
	"testing"
	"time"
)

func TestParseStep(t *testing.T) {
	tests := []struct {
		line     string
		name     string
		deadline time.Duration
		ok       bool
	}{
		{"==> stop the server", "stop the server", 0, true},
		{"==>   stop  ", "stop", 0, true},
		{"==> restore (deadline 30s)", "restore", 30 * time.Second, true},
		{"==> restore (deadline 1h30m)  ", "restore", 90 * time.Minute, true},
		{"==> restore (the dump) (deadline 5m)", "restore (the dump)", 5 * time.Minute, true},
		{"==> restore (deadline soon)", "restore (deadline soon)", 0, true},
		{"==> restore (deadline 30)", "restore (deadline 30)", 0, true},
		{"==> restore (deadline 0s)", "restore (deadline 0s)", 0, true},
		{"==> restore (deadline -5s)", "restore (deadline -5s)", 0, true},
		{"==> (deadline 5s)", "(deadline 5s)", 0, true},
		{"==> Über größe ✓", "Über größe ✓", 0, true},
		{"==>", "", 0, false},
		{"==>   ", "", 0, false},
		{"==>name", "", 0, false},
		{"=> name", "", 0, false},
		{" ==> name", "", 0, false},
		{"===> name", "", 0, false},
		{"==> /var/log/redis.log <==", "", 0, false}, // tail of several files
		{"", "", 0, false},
	}
	for _, tt := range tests {
		name, deadline, ok := parseStep(tt.line)
		if name != tt.name || deadline != tt.deadline || ok != tt.ok {
			t.Errorf("%q: %q, %s, %v; want %q, %s, %v", tt.line, name, deadline, ok, tt.name, tt.deadline, tt.ok)
		}
	}
}

func TestParseFact(t *testing.T) {
	tests := []struct {
		line, name, value string
		ok                bool
	}{
		{"fact restored_from cogitator 2026.dump", "restored_from", "cogitator 2026.dump", true},
		{"fact  a.b-c   x  ", "a.b-c", "x", true},
		{"fact name", "", "", false},
		{"fact name ", "", "", false},
		{"fact näme x", "", "", false},
		{"facts are here", "", "", false},
		{" fact a b", "", "", false},
	}
	for _, tt := range tests {
		name, value, ok := parseFact(tt.line)
		if name != tt.name || value != tt.value || ok != tt.ok {
			t.Errorf("%q: %q, %q, %v; want %q, %q, %v", tt.line, name, value, ok, tt.name, tt.value, tt.ok)
		}
	}
}
