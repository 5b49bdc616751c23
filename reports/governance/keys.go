package governance

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// key is one that a mapping of the file may have.
type key struct {
	name  string
	index int // of the struct's field, or of the word
}

// keys are those of one mapping, by name.
type keys map[string]key

func (k keys) inOrder() []string {
	var names []string
	for _, key := range slices.SortedFunc(maps.Values(k), func(a, b key) int { return cmp.Compare(a.index, b.index) }) {
		names = append(names, key.name)
	}
	return names
}

// word is a type of which only certain words are known.
type word interface {
	what() string
	known() []string
}

func (Scenario) what() string { return "scenario" }
func (Class) what() string    { return "data class" }
func (Backup) what() string   { return "backup" }

func (Scenario) known() []string { return texts(Scenarios()) }
func (Class) known() []string    { return texts(Classes()) }
func (Backup) known() []string   { return texts(Backups()) }

func texts[T ~string](list []T) []string {
	all := make([]string, 0, len(list))
	for _, word := range list {
		all = append(all, string(word))
	}
	return all
}

// keysOf are the keys of a struct by its json tags, or the words of a map's keys, and what they are called.
func keysOf(t reflect.Type) (what string, known keys) {
	known = keys{}
	if t.Kind() == reflect.Map {
		words := reflect.Zero(t.Key()).Interface().(word)
		for i, name := range words.known() {
			known[name] = key{name, i}
		}
		return words.what(), known
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = key{name, i}
	}
	return "key", known
}
