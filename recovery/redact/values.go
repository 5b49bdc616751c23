package redact

import "reflect"

// Strings redacts every string in what the pointer leads to: fields, elements, and values of maps. Keys of
// maps stay as they are, and fields with the tag `redact:"-"`: names and figures of drdrill's own, by which other
// files and commands find what is meant.
func (r *Stream) Strings(pointer any) { r.walk(reflect.ValueOf(pointer)) }

func (r *Stream) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			r.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Tag.Get("redact") != "-" {
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
