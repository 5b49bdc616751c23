package governance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// FileName is where the configuration is looked for when none is named.
const FileName = "drdrill.yaml"

// largest is more than any configuration needs, in bytes.
const largest = 256 << 10

// Load reads a configuration, and the SHA-256 of its content; drills are the names of those that there are. A file that
// cannot be used is an InvalidError, which names all that is wrong with it.
func Load(path string, drills []string) (plan *Plan, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, "", fmt.Errorf("read the configuration: %w", err)
	}
	if len(content) > largest {
		return nil, "", fmt.Errorf("read the configuration: %s has more than %d bytes: is it a configuration?", path, largest)
	}
	plan, err = Parse(path, content, drills)
	digest := sha256.Sum256(content)
	return plan, hex.EncodeToString(digest[:]), err
}

// Parse reads a configuration that is called by the name in errors.
func Parse(name string, content []byte, drills []string) (*Plan, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	d := &decoder{finder: newFinder(string(content)), at: map[string]place{}, drills: drills}
	plan := &Plan{}
	if node, ok := d.document(content); ok {
		d.value(node, reflect.ValueOf(plan).Elem(), root)
		d.check(plan)
	}
	if err := d.err(name); err != nil {
		return nil, err
	}
	return plan, nil
}

// document is the root of the only document of the content; false when there is none, or none alone.
func (d *decoder) document(content []byte) (ast.Node, bool) {
	if at := bytes.IndexFunc(content, unreadable); at >= 0 {
		before := content[:at]
		line := bytes.Count(before, []byte("\n")) + 1
		d.find(place{line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1}, "a character that no text has: save the file as UTF-8")
		return nil, false
	}
	file, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.findSyntax(err)
		return nil, false
	}
	var roots []ast.Node
	for _, document := range file.Docs {
		if document.Body != nil {
			roots = append(roots, document.Body)
		}
	}
	switch len(roots) {
	case 0:
		d.find(place{1, 1}, "nothing is stated: drdrill init writes a file to fill in")
	case 1:
		return roots[0], true
	default:
		d.find(placeOf(roots[1]), "a second document begins: put all into one")
	}
	return nil, false
}

// unreadable is a byte that is not UTF-8, or a control character.
func unreadable(r rune) bool {
	return r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t'
}

// findSyntax notes what keeps the content from being YAML.
func (d *decoder) findSyntax(err error) {
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		d.find(place{}, "not YAML: %s", err)
		return
	}
	at := place{}
	if token := syntax.GetToken(); token != nil && token.Position != nil {
		at = place{token.Position.Line, token.Position.Column}
	}
	d.find(at, "not YAML: %s", syntax.GetMessage())
}
