package governance

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder fills a plan from the nodes of a file. It goes on after a problem, so that all of them are
// found at once. Keys are those of the json tags: the file and the record name things alike.
type decoder struct {
	*finder
	at     map[string]place // where each value stands, by its path
	drills []string         // that there are
}

// root is what errors call the whole file.
const root = "the file"

// value fills in one value: a list, a mapping or a text.
func (d *decoder) value(node ast.Node, into reflect.Value, path string) {
	at := placeOf(node)
	d.at[path] = at
	switch node.(type) {
	case nil, *ast.NullNode:
		d.find(at, "%s has no value: fill it in, or leave it out", path)
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		d.find(at, "%s: anchors, aliases and tags are not used here: write the value itself", path)
		return
	}
	text, isText := into.Addr().Interface().(encoding.TextUnmarshaler)
	words, isWord := into.Interface().(word)
	switch {
	case into.Type() == reflect.TypeFor[Drill]():
		d.word(node, into, path, d.drills, "drill %q: did you mean %q? drdrill list shows them all")
	case isWord:
		d.word(node, into, path, words.known(), words.what()+" %q: did you mean %q? It can be "+strings.Join(words.known(), ", "))
	case isText:
		d.text(node, path, func(s string) error { return text.UnmarshalText([]byte(s)) })
	case into.Kind() == reflect.String:
		d.text(node, path, func(s string) error { into.SetString(s); return nil })
	case into.Kind() == reflect.Slice:
		d.list(node, into, path)
	default:
		d.mapping(node, into, path)
	}
}

// text sets a value from a text. What YAML takes for a number or a truth value would not be kept as
// it was written, so that it has to be quoted.
func (d *decoder) text(node ast.Node, path string, set func(string) error) {
	at := placeOf(node)
	var text string
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case ast.ScalarNode:
		text = n.GetToken().Value
		if err := set(text); err != nil {
			d.find(at, "%s: %s", path, err)
			return
		}
		d.find(at, "%s: a text is wanted: write it in quotes, %q", path, brief(text))
		return
	default:
		d.find(at, "%s: a text is wanted, and this is %s", path, kind(node))
		return
	}
	if err := set(text); err != nil {
		d.find(at, "%s: %s", path, err)
	}
}

// word sets a value of which only certain words are known; an empty one states nothing. Of another word the message
// says which is nearest.
func (d *decoder) word(node ast.Node, into reflect.Value, path string, known []string, message string) {
	d.text(node, path, func(s string) error {
		into.SetString(s)
		if s == "" || slices.Contains(known, s) {
			return nil
		}
		return fmt.Errorf("unknown "+message, brief(s), nearest(s, known))
	})
}

func (d *decoder) list(node ast.Node, into reflect.Value, path string) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.find(placeOf(node), "%s: a list is wanted, and this is %s: begin each item with a dash", path, kind(node))
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		d.value(item, into.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// mapping fills in a struct, or a map of which the keys are known.
func (d *decoder) mapping(node ast.Node, into reflect.Value, path string) {
	pairs, ok := node.(ast.MapNode)
	if !ok {
		d.find(placeOf(node), "%s: keys and values are wanted, and this is %s", path, kind(node))
		return
	}
	if into.Kind() == reflect.Map {
		into.Set(reflect.MakeMap(into.Type()))
	}
	what, known := keysOf(into.Type())
	first := map[string]int{}
	for pair := pairs.MapRange(); pair.Next(); {
		at, key := placeOf(pair.Key()), keyText(pair.Key())
		line, again := first[key]
		if again {
			d.find(at, "%s %q is given twice: it is on line %d already", what, brief(key), line)
			continue
		}
		first[key] = at.line
		if _, ok := known[key]; !ok {
			d.unknown(at, what, key, known.inOrder())
			continue
		}
		d.entry(pair.Value(), into, known[key], strings.TrimPrefix(path+"."+key, root+"."))
	}
}

// entry fills in one field of a struct, or one entry of a map, which gets none that is wrong.
func (d *decoder) entry(node ast.Node, into reflect.Value, key key, path string) {
	if into.Kind() == reflect.Struct {
		d.value(node, into.Field(key.index), path)
		return
	}
	entry, found := reflect.New(into.Type().Elem()).Elem(), len(d.found)
	if d.value(node, entry, path); len(d.found) > found {
		return
	}
	into.SetMapIndex(reflect.ValueOf(key.name).Convert(into.Type().Key()), entry)
}

// kind is what a node is, in words.
func kind(node ast.Node) string {
	switch node.(type) {
	case ast.MapNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}

// keyText is a key as it was written.
func keyText(key ast.MapKeyNode) string {
	if text, ok := key.(*ast.StringNode); ok {
		return text.Value
	}
	return key.String()
}

// placeOf is where a node begins: a mapping with its first key.
func placeOf(node ast.Node) place {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			node = n.Values[0].Key
		}
	case *ast.MappingValueNode:
		node = n.Key
	}
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return place{}
	}
	at := node.GetToken().Position
	return place{at.Line, at.Column}
}
