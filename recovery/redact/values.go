package redact

import (
	"reflect"
	"regexp"
	"strings"
)

// Strings redacts every string in what the pointer leads to: fields, elements, and values of maps. Keys of
// maps stay as they are.
func (r *Stream) Strings(pointer any) { r.walk(reflect.ValueOf(pointer)) }

func (r *Stream) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			r.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				r.walk(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			r.walk(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(key))
			if r.walk(item); !item.Equal(v.MapIndex(key)) {
				v.SetMapIndex(key, item)
			}
		}
	case reflect.String:
		// Drills share values: what holds no secret is not written.
		if text := r.Text(v.String()); text != v.String() && v.CanSet() {
			v.SetString(text)
		}
	}
}

// shortestValue is the length from which the value of a variable is taken for a secret: a shorter one, such
// as "true", would be found where it is none.
const shortestValue = 8

var secretName = regexp.MustCompile(`(?i)^[a-z0-9_]*(?:` + secretNames + `)[a-z0-9_]*$`)

// Environment are the values of those variables whose names say that they hold a secret. The entries are
// as of os.Environ.
func Environment(entries []string) (secrets []string) {
	for _, entry := range entries {
		name, value, _ := strings.Cut(entry, "=")
		if len(value) >= shortestValue && secretName.MatchString(name) && telling(name+"=x") {
			secrets = append(secrets, value)
		}
	}
	return secrets
}
