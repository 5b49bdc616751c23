package governance

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const whole = `# A plan with everything in it.
scope:
  system: Cogitator
  covers: [PostgreSQL, Redis]
  excludes:
    - what: the network
      why: |
        its provider
        drills it
assumptions:
  - the object store survives
participants:
  - {role: on-call engineer, name: ""}
approver:
  role: head of platform
  approved: 2026-10-01
runbook:
  location: docs/runbook.md
  version: "1.10"
  reviewed: "2026-09-01"
contacts:
  - role: on-call engineer
    contact: the pager
    escalation: after 15 minutes
targets:
  rto: {worker: 1m, redis: 5m}
  rpo:
    runs: 0s
    vectors: 24h
  backups:
    postgres: "*/4 * * * *"
    redis: 50m
  declared:
    redis: {detection: 1m, response: 4m}
risks:
  - drill: postgres-volume-loss-dump
    class: runs
    reason: no dump holds everything
    owner: platform team
    acceptedBy: head of platform
    expires: 2027-03-31
  - {drill: redis-kill, finding: rto, reason: a, owner: b, acceptedBy: c, expires: "2027-01-01"}
actions: []
nextDrill: 2027-02-01
`

// known are the drills that a configuration may name.
var known = []string{"redis-kill", "postgres-volume-loss-dump"}

// aRisk is what every risk states.
const aRisk = "drill: redis-kill, reason: a, owner: b, acceptedBy: c, expires: 2027-03-31"

func TestParse(t *testing.T) {
	got, err := Parse("whole.yaml", []byte(whole), known)
	if err != nil {
		t.Fatal(err)
	}
	schedule, err := parseSchedule("*/4 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	want := &Plan{
		Scope:        Scope{"Cogitator", []string{"PostgreSQL", "Redis"}, []Exclusion{{"the network", "its provider\ndrills it\n"}}},
		Assumptions:  []string{"the object store survives"},
		Participants: []Participant{{Role: "on-call engineer"}},
		Approver:     Approver{Role: "head of platform", Approved: NewDate(2026, 10, 1)},
		Runbook:      Runbook{"docs/runbook.md", "1.10", NewDate(2026, 9, 1)},
		Contacts:     []Contact{{"on-call engineer", "the pager", "after 15 minutes"}},
		Targets: Targets{
			RTO:      map[Scenario]Duration{"worker": Duration(time.Minute), "redis": Duration(5 * time.Minute)},
			RPO:      map[Class]Duration{"runs": 0, "vectors": Duration(24 * time.Hour)},
			Backups:  map[Backup]Schedule{"postgres": schedule, "redis": Every(50 * time.Minute)},
			Declared: map[Scenario]Response{"redis": {Duration(time.Minute), Duration(4 * time.Minute)}},
		},
		Risks: []Risk{
			{"postgres-volume-loss-dump", "runs", "", "no dump holds everything", "platform team", "head of platform", NewDate(2027, 3, 31)},
			{"redis-kill", "", "rto", "a", "b", "c", NewDate(2027, 1, 1)},
		},
		Actions:   []Action{},
		NextDrill: NewDate(2027, 2, 1),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for name, variant := range map[string]string{
		"CRLF": strings.ReplaceAll(whole, "\n", "\r\n"), "byte order mark": "\ufeff" + whole, "document marks": "---\n" + whole + "...\n",
	} {
		if again, err := Parse("whole.yaml", []byte(variant), known); err != nil || again.Targets.RTO["redis"] != want.Targets.RTO["redis"] || again.NextDrill != want.NextDrill {
			t.Errorf("with %s: %+v, %v", name, again, err)
		}
	}
}

// Every kind of mistake is told with its line, its excerpt and what to write instead.
func TestParseRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"unknown key":       {"scoop:\n  system: x\n", "f:1:1: unknown key \"scoop\": did you mean \"scope\"? It can be scope, assumptions, participants, approver, runbook, contacts, targets, risks, actions, nextDrill\n    1 | scoop:\n      | ^"},
		"unknown scenario":  {"targets:\n  rto:\n    postgre: 5m\n", "f:3:5: unknown scenario \"postgre\": did you mean \"postgres\"? It can be worker, redis, postgres, cluster, corruption, sandbox, wasm\n    3 |     postgre: 5m\n      |     ^"},
		"unknown class":     {"targets: {rpo: {run: 0s}}\n", "f:1:17: unknown data class \"run\": did you mean \"runs\"? It can be runs, audit, agents, memory, vectors\n    1 | targets: {rpo: {run: 0s}}\n      |                 ^"},
		"unknown backup":    {"targets:\n  backups:\n    postgresql: 4m\n", "f:3:5: unknown backup \"postgresql\": did you mean \"postgres\"? It can be postgres, redis, postgres-base, config, sandbox-image\n    3 |     postgresql: 4m\n      |     ^"},
		"key in a list":     {"contacts:\n  - role: a\n    phone: b\n", "f:3:5: unknown key \"phone\": did you mean \"role\"? It can be role, contact, escalation\n    3 |     phone: b\n      |     ^"},
		"twice":             {"nextDrill: 2027-02-01\nactions: []\nnextDrill: 2027-02-02\n", "f:3:1: key \"nextDrill\" is given twice: it is on line 1 already\n    3 | nextDrill: 2027-02-02\n      | ^"},
		"scenario twice":    {"targets:\n  rto:\n    redis: 5m\n    redis: 6m\n", "f:4:5: scenario \"redis\" is given twice: it is on line 3 already\n    4 |     redis: 6m\n      |     ^"},
		"bad duration":      {"targets:\n  rto:\n    redis: 5 minutes\n", "f:3:12: targets.rto.redis: \"5 minutes\" is no duration: give a number and its unit, such as 30s, 5m, 1h30m or 24h\n    3 |     redis: 5 minutes\n      |            ^"},
		"bare number":       {"targets: {rpo: {runs: 0}}\n", "f:1:23: targets.rpo.runs: \"0\" is no duration: give a number and its unit, such as 30s, 5m, 1h30m or 24h\n    1 | targets: {rpo: {runs: 0}}\n      |                       ^"},
		"unknown drill":     {"risks:\n  - {drill: redis-kil, reason: a, owner: b, acceptedBy: c, expires: 2027-03-31}\n", "f:2:13: risks[0].drill: unknown drill \"redis-kil\": did you mean \"redis-kill\"? drdrill list shows them all\n    2 |   - {drill: redis-kil, "},
		"class of a risk":   {"risks:\n  - {drill: redis-kill, class: run, reason: a, owner: b, acceptedBy: c, expires: 2027-03-31}\n", "f:2:32: risks[0].class: unknown data class \"run\": did you mean \"runs\"? It can be runs, audit, agents, memory, vectors\n    2 | "},
		"key of a risk":     {"risks:\n  - drill: redis-kill\n    until: 2027-03-31\n", "f:2:5: risks[0]: a risk without its reason, owner, acceptedBy, expires is not accepted: state it\n    2 |   - drill: redis-kill\n      |     ^\nf:3:5: unknown key \"until\": did you mean"},
		"empty risk":        {"risks:\n  - drill: redis-kill\n    reason: a\n    owner: ''\n    acceptedBy: c\n    expires: ''\n", "f:2:5: risks[0]: a risk without its owner, expires is not accepted: state it\n    2 |   - drill: redis-kill\n      |     ^"},
		"expiry of a risk":  {"risks:\n  - drill: redis-kill\n    reason: a\n    owner: b\n    acceptedBy: c\n    expires: never\n", "f:6:14: risks[0].expires: \"never\" is no date: give a day that there is, as 2026-11-23\n    6 |     expires: never\n      |              ^"},
		"risk twice":        {"risks:\n  - {" + aRisk + "}\n  - {" + aRisk + ", finding: rto}\n  - {" + aRisk + "}\n", "f:4:5: risks[2]: the same is accepted by risks[0] already\n    4 | "},
		"class and finding": {"risks:\n  - {" + aRisk + ", class: runs,\n     finding: rto}\n", "f:3:15: risks[0]: give a class or a finding: make it two risks to accept both\n    3 |      finding: rto}\n      |               ^"},
		"no time":           {"targets: {rto: {redis: 0s}}\n", "f:1:24: targets.rto.redis: no recovery takes no time: give more than 0s, or leave it out for the playbook's\n    1 | targets: {rto: {redis: 0s}}\n      |                        ^"},
		"bad date":          {"nextDrill: 2027-02-30\n", "f:1:12: nextDrill: \"2027-02-30\" is no date: give a day that there is, as 2026-11-23\n    1 | nextDrill: 2027-02-30\n      |            ^"},
		"bad schedule":      {"targets:\n  backups:\n    redis: hourly\n", "f:3:12: targets.backups.redis: \"hourly\" is no schedule: give an interval such as 4m or 24h, or the five fields of cron in UTC such as \"0 2 * * *\"\n    3 |     redis: hourly\n      |            ^"},
		"number for text":   {"runbook:\n  version: 1.10\n", "f:2:12: runbook.version: a text is wanted: write it in quotes, \"1.10\"\n    2 |   version: 1.10\n      |            ^"},
		"truth for text":    {"runbook:\n  version: true\n", "f:2:12: runbook.version: a text is wanted: write it in quotes, \"true\"\n    2 |   version: true\n      |            ^"},
		"list for text":     {"runbook:\n  version: [1]\n", "f:2:12: runbook.version: a text is wanted, and this is a list\n    2 |   version: [1]\n      |            ^"},
		"mapping for text":  {"runbook:\n  version: {a: b}\n", "f:2:12: runbook.version: a text is wanted, and this is a mapping\n    2 |   version: {a: b}\n      |            ^"},
		"text for list":     {"assumptions: none\n", "f:1:14: assumptions: a list is wanted, and this is a single value: begin each item with a dash\n    1 | assumptions: none\n      |              ^"},
		"text for mapping":  {"approver: me\n", "f:1:11: approver: keys and values are wanted, and this is a single value\n    1 | approver: me\n      |           ^"},
		"list at the top":   {"- scope\n", "f:1:1: the file: keys and values are wanted, and this is a list\n    1 | - scope\n      | ^"},
		"no value":          {"approver:\nactions: []\n", "f:1:10: approver has no value: fill it in, or leave it out\n    1 | approver:\n      |          ^"},
		"empty item":        {"assumptions:\n  - a\n  -\n", "f:3:4: assumptions[1] has no value: fill it in, or leave it out\n    3 |   -\n      |    ^"},
		"alias":             {"scope: &x\n  system: a\n", "f:1:8: scope: anchors, aliases and tags are not used here: write the value itself\n    1 | scope: &x\n      |        ^"},
		"tag":               {"runbook: {version: !!str 7}\n", "f:1:20: runbook.version: anchors, aliases and tags are not used here: write the value itself\n    1 | runbook: {version: !!str 7}\n      |                    ^"},
		"merge":             {"runbook:\n  <<: {version: a}\n", "f:2:3: unknown key \"<<\": did you mean \"version\"? It can be location, version, reviewed\n    2 |   <<: {version: a}\n      |   ^"},
		"two documents":     {"actions: []\n---\nactions: []\n", "f:3:1: a second document begins: put all into one\n    3 | actions: []\n      | ^"},
		"nothing":           {"", "f:1:1: nothing is stated: drdrill init writes a file to fill in\n    1 | \n      | ^"},
		"comments alone":    {"# scope:\n", "f:1:1: nothing is stated: drdrill init writes a file to fill in\n    1 | # scope:\n      | ^"},
		"not UTF-8":         {"scope:\n  system: caf\xe9\n", "f:2:14: a character that no text has: save the file as UTF-8\n    2 |   system: caf\ufffd\n      |              ^"},
		"control character": {"scope: \x1b[31m\n", "f:1:8: a character that no text has: save the file as UTF-8\n    1 | scope:  [31m\n      |        ^"},
		"tab":               {"scope:\n\tsystem: x\n", "f:2:1: not YAML: "},
		"not closed":        {"scope: {system: x\n", "f:1:8: not YAML: "},
		"bad indentation":   {"scope:\n  system: x\n covers: []\n", "f:3:2: not YAML: "},
		"quote not closed":  {"scope:\n  system: \"x\n", "f:2:11: not YAML: "},
	} {
		_, err := Parse("f", []byte(tt.file), known)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, tt.want)
		}
	}
}

// All mistakes of a file are told at once, in its order.
func TestParseFindsAll(t *testing.T) {
	_, err := Parse("f", []byte("nextDrill: soon\ntargets:\n  rto:\n    redis: 0s\n    worker: quick\n    wirker: 1m\nscope: [a]\nactions: [{what: x, due: 1}]\n"), known)
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v", err)
	}
	var lines []int
	for _, p := range invalid.Problems {
		lines = append(lines, p.Line)
	}
	if want := []int{1, 4, 5, 6, 7, 8}; !reflect.DeepEqual(lines, want) {
		t.Errorf("problems in lines %v, want %v\n%v", lines, want, err)
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	_, err := Parse("f", []byte(strings.Repeat("x: 1\n", 50)), known)
	if text := err.Error(); strings.Count(text, "f:") != 21 || !strings.HasSuffix(text, "\nf: and 30 more") {
		t.Errorf("got\n%v", err)
	}
}

func TestLongLinesAreCut(t *testing.T) {
	_, err := Parse("f", []byte("assumptions: [\""+strings.Repeat("a", 300)+"\", {b: c}, \""+strings.Repeat("d", 300)+"\"]\n"), known)
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 3 || len(lines[1]) > 110 || strings.Index(lines[2], "^") != strings.Index(lines[1], "{b: c}") {
		t.Errorf("got\n%v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plan, sum, err := Load(write("good.yaml", "actions: []\n"), known)
	if err != nil || plan.Actions == nil || sum != "4de22bb421b26658178bb31f3c5c06b9f26fa1267514345a1de3396ac9da8852" {
		t.Errorf("got %+v, %s, %v", plan, sum, err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "read the configuration: open ",
		dir:                             "read the configuration: read ",
		write("large.yaml", strings.Repeat("# large\n", 1<<18)): "read the configuration: ",
		write("bad.yaml", "action: []\n"):                       filepath.Join(dir, "bad.yaml") + ":1:1: unknown key",
	} {
		if _, _, err := Load(path, known); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}
