package governance

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of drdrill.yaml, for editors and other tools. A test generates it from the
// types and their comments.
func Schema() []byte { return schema }
