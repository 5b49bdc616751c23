package governance

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// What is written can be read, states the targets, and leaves the rest to be filled in.
func TestBlank(t *testing.T) {
	targets := full().Targets
	schedule, err := parseSchedule("*/4 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	targets.Backups["postgres"], targets.RPO["vectors"] = schedule, Duration(24*time.Hour)
	text, err := Blank(targets)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Parse(FileName, text, known)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plan.Targets, targets) {
		t.Errorf("targets %+v, want %+v", plan.Targets, targets)
	}
	const missing = "scope.system scope.covers scope.excludes assumptions participants[0].name participants[1].name " +
		"approver.role approver.name approver.approved runbook.location runbook.version runbook.reviewed " +
		"contacts[0].contact contacts[1].contact contacts[2].contact actions nextDrill"
	if got := strings.Join(plan.Missing(), " "); got != missing {
		t.Errorf("missing are %s, want %s", got, missing)
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	if err := compile(t).Validate(value); err != nil {
		t.Errorf("the schema says of it: %v", err)
	}
}

// Every key that there is stands in the file, if only in a comment.
func TestBlankShowsEveryKey(t *testing.T) {
	text, err := Blank(full().Targets)
	if err != nil {
		t.Fatal(err)
	}
	var look func(reflect.Type)
	look = func(of reflect.Type) {
		if of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || !of.Field(0).IsExported() {
			return
		}
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if !strings.Contains(string(text), name+":") {
				t.Errorf("%s is not in the file", name)
			}
			look(of.Field(i).Type)
		}
	}
	look(reflect.TypeFor[Plan]())
}

// example is a line of the file that an example in a comment is made of.
var example = regexp.MustCompile(`(?m)^( *)# ( *- .*| *[a-zA-Z]+: .*|[a-z]+:)$`)

// The examples in the comments can be read too, once they are comments no more.
func TestBlankExamples(t *testing.T) {
	text, err := Blank(full().Targets)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Parse(FileName, example.ReplaceAll(text, []byte("$1$2")), known)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Scope.Excludes) != 1 || len(plan.Assumptions) != 1 || len(plan.Risks) != 1 || len(plan.Actions) != 1 || plan.Actions[0].Done.IsZero() {
		t.Errorf("%+v", plan)
	}
	if got := plan.Targets.Declared["postgres"].Total().String(); got != "6m" {
		t.Errorf("declared are %s", got)
	}
}
