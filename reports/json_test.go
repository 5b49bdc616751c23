package reports

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestReadWhatWasWritten(t *testing.T) {
	for _, s := range samples() {
		var b bytes.Buffer
		if err := JSON(&b, s.record); err != nil {
			t.Fatal(err)
		}
		got, err := Read(&b)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if s.name == "odd" { // broken UTF-8 cannot survive JSON
			got.Drills[0].Steps[0].Output = s.record.Drills[0].Steps[0].Output
		}
		if want := filled(s.record); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read\n%+v\nwant\n%+v", s.name, got, want)
		}
	}
}

func TestJSONHasEmptyListsRatherThanNull(t *testing.T) {
	var b bytes.Buffer
	r := Record{Schema: Schema, Drills: []Drill{{Verdict: Met}}}
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"reasons", "rpo", "proofs", "timeline", "steps", "evidence", "phases"} {
		if !strings.Contains(b.String(), `"`+name+`": []`) {
			t.Errorf("%s is no empty list", name)
		}
	}
	if r.Drills[0].Steps != nil {
		t.Error("writing changed the record")
	}
}

func TestReadIsStrict(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":           {"", "not a JSON object"},
		"no object":       {"[]", "not a JSON object"},
		"no schema":       {"{}", "no schema"},
		"another schema":  {`{"schema":"drdrill/record/v9","new":1}`, `schema "drdrill/record/v9", want "drdrill/record/v1"`},
		"unknown field":   {`{"schema":"drdrill/record/v1","extra":1}`, `unknown field "extra"`},
		"wrong type":      {`{"schema":"drdrill/record/v1","drills":[{"name":1}]}`, "cannot unmarshal"},
		"unknown verdict": {`{"schema":"drdrill/record/v1","drills":[{"name":"x","verdict":"fine"}]}`, `drill 1 ("x"): verdict "fine"`},
		"unknown proof":   {`{"schema":"drdrill/record/v1","drills":[{"name":"x","verdict":"met","proofs":[{"name":"p"}]}]}`, `proof "p": verdict ""`},
		"more after it":   {`{"schema":"drdrill/record/v1"} {}`, "after top-level value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

// FuzzRead holds that what can be read can be rendered, and is the same when it is read again.
func FuzzRead(f *testing.F) {
	for _, s := range samples() {
		var b bytes.Buffer
		if err := JSON(&b, s.record); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte(`{"schema":"drdrill/record/v1","run":{"images":{"a":{}}},"drills":[{"name":"x","verdict":"met","rto":{"measuredSeconds":1,"phases":[{"name":"a","seconds":1}]},` +
		`"rpo":[{"class":"runs","observedSeconds":1}],"timeline":[{"event":"injected","atSeconds":1}],"steps":[{"name":"s","atSeconds":2,"seconds":3}],"activity":[{"atSecond":1,"refused":2}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, format := range formats {
			var b bytes.Buffer
			if err := format.render(&b, r); err != nil {
				t.Fatalf("%s: %v", format.ext, err)
			}
			if format.ext != "json" {
				continue
			}
			again, err := Read(&b)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again, r) {
				t.Fatalf("read again\n%+v\nwant\n%+v", again, r)
			}
		}
	})
}
