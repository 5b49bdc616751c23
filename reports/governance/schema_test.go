package governance

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite schema.json")

// The schema says what the types say.
func TestSchemaIsGenerated(t *testing.T) {
	want := generate(t)
	if *update {
		if err := os.WriteFile("schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(Schema(), want) {
		t.Error("schema.json is not what the types say: run go test ./reports/governance -update")
	}
}

// generate makes the schema from the types and their comments.
func generate(t *testing.T) []byte {
	t.Helper()
	r := &jsonschema.Reflector{Anonymous: true, DoNotReference: true, RequiredFromJSONSchemaTags: true}
	r.Mapper = func(t reflect.Type) *jsonschema.Schema { return special(r, t) }
	if err := r.AddGoComments("github.com/cogitator-ai/drdrill/reports/governance", ".", jsonschema.WithFullComment()); err != nil {
		t.Fatal(err)
	}
	r.CommentMap = unfolded(r.CommentMap)
	s := r.Reflect(&Plan{})
	s.Title = FileName
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// special is the schema of a type that the reflector cannot know; nil for the others.
func special(r *jsonschema.Reflector, t reflect.Type) *jsonschema.Schema {
	text := func(form string, examples ...any) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Pattern: form, Examples: examples}
	}
	switch zero := reflect.Zero(t).Interface().(type) {
	case Duration:
		return text(durationForm, "5m", "1h30m")
	case Date:
		return text(dateForm, "2026-11-23")
	case Schedule:
		return text(scheduleForm, "4m", "0 2 * * *")
	case word:
		return &jsonschema.Schema{Type: "string", Enum: words(zero)}
	}
	if t.Kind() != reflect.Map {
		return nil
	}
	object := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	_, known := keysOf(t)
	for _, name := range known.inOrder() {
		entry := special(r, t.Elem())
		if entry == nil {
			entry = r.ReflectFromType(t.Elem())
			entry.Version = ""
		}
		object.Properties.Set(name, entry)
	}
	return object
}

// words are those that are known, and the empty one, which states nothing.
func words(of word) []any {
	all := []any{""}
	for _, w := range of.known() {
		all = append(all, w)
	}
	return all
}

// unfolded are the comments with their lines joined.
func unfolded(comments map[string]string) map[string]string {
	joined := map[string]string{}
	for of, text := range comments {
		joined[of] = strings.Join(strings.Fields(text), " ")
	}
	return joined
}

// Everything in the file is described, so that an editor can say what it is.
func TestSchemaDescribesAll(t *testing.T) {
	var described func(path string, s any)
	described = func(path string, s any) {
		node, _ := s.(map[string]any)
		if items, ok := node["items"]; ok {
			described(path+"[]", items)
		}
		properties, _ := node["properties"].(map[string]any)
		for name, property := range properties {
			at := path + "." + name
			if p := property.(map[string]any); p["description"] == nil && !strings.HasPrefix(path, ".targets.") {
				t.Errorf("%s is not described", at)
			}
			described(at, property)
		}
	}
	var root any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	described("", root)
}

// Where the schema and the reader are asked the same, they say the same. What no schema can know
// (dates that there are not, keys twice, times of zero) only the reader refuses.
func TestSchemaAgreesWithTheReader(t *testing.T) {
	compiled := compile(t)
	for _, tt := range []struct {
		file string
		good bool
	}{
		{whole, true},
		{"actions: []", true},
		{"approver: {approved: ''}", true},
		{"targets: {declared: {wasm: {response: 1.5h}}}", true},
		{"risks: []", true},
		{"risks: [{" + aRisk + "}]", true},
		{"risks: [{" + aRisk + ", class: runs}]", true},
		{"risks: [{" + aRisk + ", class: ''}]", true},
		{"risks: [{" + aRisk + ", finding: rto}]", true},
		{"risks: [{" + aRisk + ", class: run}]", false},
		{"risks: [{" + aRisk + ", since: 2026-01-01}]", false},
		{"risks: [{drill: redis-kill}]", false},
		{"risks: [{drill: redis-kill, reason: a, owner: b, acceptedBy: c}]", false},
		{"risks: [{drill: redis-kill, reason: a, owner: b, acceptedBy: c, expires: ''}]", false},
		{"risks: [{drill: redis-kill, reason: a, owner: '', acceptedBy: c, expires: 2027-03-31}]", false},
		{"risks: [{drill: redis-kill, reason: a, owner: b, acceptedBy: c, expires: never}]", false},
		{"scoop: {}", false},
		{"scope: {sistem: x}", false},
		{"scope: []", false},
		{"scope:", false},
		{"scope: {covers: PostgreSQL}", false},
		{"assumptions: [1]", false},
		{"assumptions: {a: b}", false},
		{"participants: [{role: a, phone: b}]", false},
		{"runbook: {version: 7}", false},
		{"nextDrill: tomorrow", false},
		{"nextDrill: 23.11.2026", false},
		{"targets: {rto: {redis: 5}}", false},
		{"targets: {rto: {redis: 5 min}}", false},
		{"targets: {rto: {redys: 5m}}", false},
		{"targets: {rpo: {runs: 0}}", false},
		{"targets: {rpo: {run: 0s}}", false},
		{"targets: {backups: {redis: hourly}}", false},
		{"targets: {backups: {redis: 0 2 * *}}", false},
		{"targets: {declared: {redis: 5m}}", false},
		{"actions: [{what: a, due: soon}]", false},
	} {
		if _, err := Parse("f", []byte(tt.file), known); (err == nil) != tt.good {
			t.Errorf("the reader of %q: %v", tt.file, err)
		}
		var value any
		if err := yaml.Unmarshal([]byte(tt.file), &value); err != nil {
			t.Fatalf("%q: %v", tt.file, err)
		}
		if err := compiled.Validate(value); (err == nil) != tt.good {
			t.Errorf("the schema of %q: %v", tt.file, err)
		}
	}
}

// compile is the schema as an independent library reads it.
func compile(t *testing.T) *validator.Schema {
	t.Helper()
	document, err := validator.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
