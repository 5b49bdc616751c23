package controls

import (
	"bytes"
	_ "embed" // for the data
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed controls.yaml
var data []byte

// catalogue are the controls of the embedded data, not yet assessed.
var catalogue = func() []Control {
	controls, err := parse(data)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return controls
}()

// parse reads controls from YAML. An unknown key is an error, which names its line.
func parse(content []byte) ([]Control, error) {
	var file struct {
		Groups   map[string][]string `yaml:"groups"` // drills that several claims name, as anchors
		Controls []Control           `yaml:"controls"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("read controls: %w", err)
	}
	return file.Controls, nil
}
