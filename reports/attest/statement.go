package attest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	testresult "github.com/in-toto/attestation/go/predicates/test_result/v0"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/cogitator-ai/drdrill/reports"
)

// The types of the two predicates.
const (
	RehearsalType  = "https://github.com/cogitator-ai/drdrill/rehearsal/v1"
	TestResultType = "https://in-toto.io/attestation/test-result/v0.1"
)

// The results of the test-result predicate. What is missed within accepted risks is a warning. What is not proven is
// none: who lets warnings pass must not let a run pass that proves nothing.
const (
	passed = "PASSED"
	warned = "WARNED"
	failed = "FAILED"
)

// rehearsal is drdrill's own predicate: what was measured, drill by drill.
type rehearsal struct {
	Run      Run                      `json:"run"`
	Versions Versions                 `json:"versions"`
	Images   map[string]reports.Image `json:"images"`
	Scripts  reports.Revisions        `json:"scripts"`
	Drills   []rehearsed              `json:"drills"`
	Risks    []reports.Risk           `json:"risks,omitempty"` // that were accepted, and what became of them
}

// rehearsed is one drill in the predicate. Figures are as in the record.
type rehearsed struct {
	Name       string `json:"name"`
	Scenario   string `json:"scenario"`
	Repetition int    `json:"repetition"`
	Verdict    string `json:"verdict"`
	// Accepted is how long and by whom all that was missed is accepted; nil where it is not.
	Accepted *reports.Acceptance `json:"accepted,omitempty"`
	RTO      reports.RTO         `json:"rto"`
	RPO      []reports.RPO       `json:"rpo"`
}

// statements are the payloads to sign, by the file that each is for.
func statements(m Manifest, manifest []byte, r reports.Record) (map[string][]byte, error) {
	subjects := subjects(m, manifest, r)
	own, err := toStruct(newRehearsal(m, r))
	if err != nil {
		return nil, fmt.Errorf("state the rehearsal: %w", err)
	}
	result, err := fromProto(newTestResult(m, r))
	if err != nil {
		return nil, fmt.Errorf("state the test result: %w", err)
	}
	out := map[string][]byte{}
	for _, s := range []struct {
		file, kind string
		predicate  *structpb.Struct
	}{{RehearsalFile, RehearsalType, own}, {TestResultFile, TestResultType, result}} {
		statement := &intoto.Statement{Type: intoto.StatementTypeUri, Subject: subjects, PredicateType: s.kind, Predicate: s.predicate}
		if err := statement.Validate(); err != nil {
			return nil, fmt.Errorf("state %s: %w", s.file, err)
		}
		if out[s.file], err = stable(statement); err != nil {
			return nil, fmt.Errorf("state %s: %w", s.file, err)
		}
	}
	return out, nil
}

// subjects are what the statements are about: the manifest, which leads to every file of the run,
// and the scripts that took part in it.
func subjects(m Manifest, manifest []byte, r reports.Record) []*intoto.ResourceDescriptor {
	sum := sha256.Sum256(manifest)
	list := []*intoto.ResourceDescriptor{descriptor(ManifestFile, hex.EncodeToString(sum[:]))}
	ran := map[string]bool{}
	for _, d := range r.Drills {
		for _, s := range d.Steps {
			ran[s.Script] = true
		}
		for _, b := range d.Backups {
			ran[b.Script] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ran)) {
		if script, known := m.Scripts.Files[name]; known {
			list = append(list, descriptor("scripts/"+name, script.SHA256))
		}
	}
	return list
}

func descriptor(name, sha256 string) *intoto.ResourceDescriptor {
	return &intoto.ResourceDescriptor{Name: name, Digest: map[string]string{"sha256": sha256}}
}

func newRehearsal(m Manifest, r reports.Record) rehearsal {
	own := rehearsal{Run: m.Run, Versions: m.Versions, Images: m.Images, Scripts: m.Scripts.Revisions, Drills: []rehearsed{}, Risks: r.Risks}
	for _, d := range r.Drills {
		own.Drills = append(own.Drills, rehearsed{d.Name, d.Scenario, d.Repetition, d.Verdict, d.Accepted(), d.RTO, d.RPO})
	}
	return own
}

// newTestResult is the run as a test: a drill that is not met has failed, or is warned of where what it missed is
// accepted. An accepted risk is a test as well, which fails when it expired or closed.
func newTestResult(m Manifest, r reports.Record) *testresult.TestResult {
	result := &testresult.TestResult{Result: failed}
	switch {
	case r.WithinRisks():
		result.Result = warned
	case r.Outcome() == reports.Met:
		result.Result = passed
	}
	for _, d := range r.Drills {
		name := d.Name
		if d.Repetition > 1 {
			name += fmt.Sprintf("#%d", d.Repetition)
		}
		switch {
		case d.Verdict == reports.Met:
			result.PassedTests = append(result.PassedTests, name)
		case d.Accepted() != nil:
			result.WarnedTests = append(result.WarnedTests, name)
		default:
			result.FailedTests = append(result.FailedTests, name)
		}
	}
	for _, risk := range r.Risks {
		if risk.State != reports.RiskAccepted {
			result.FailedTests = append(result.FailedTests, fmt.Sprintf("accepted risk of %s: %s", risk.Drill, cmp.Or(risk.Of(), "whatever it misses")))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Images)) {
		image := m.Images[key]
		of := &intoto.ResourceDescriptor{Name: image.Ref}
		if algorithm, digest, ok := strings.Cut(image.Digest, ":"); ok {
			of.Digest = map[string]string{algorithm: digest}
		}
		result.Configuration = append(result.Configuration, of)
	}
	return result
}

// toStruct turns what encodes to a JSON object into a predicate.
func toStruct(v any) (*structpb.Struct, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := &structpb.Struct{}
	return out, protojson.Unmarshal(encoded, out)
}

func fromProto(m proto.Message) (*structpb.Struct, error) {
	encoded, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := &structpb.Struct{}
	return out, protojson.Unmarshal(encoded, out)
}

// stable encodes a message the same way each time; protojson alone puts in blanks at random.
func stable(m proto.Message) ([]byte, error) {
	encoded, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Compact(&out, encoded); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
