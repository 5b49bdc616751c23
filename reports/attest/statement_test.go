package attest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports"
)

// statement is an in-toto statement as the specification's text has it.
type statement struct {
	Type    string `json:"_type"`
	Subject []struct {
		Name   string
		Digest map[string]string
	}
	PredicateType string
	Predicate     json.RawMessage
}

// independently opens an envelope by the text of the DSSE specification, with nothing but the
// standard library: no code of this package, and none of the library that it signs with.
func independently(t *testing.T, envelope, publicPEM []byte) statement {
	t.Helper()
	var e struct {
		Payload, PayloadType string
		Signatures           []struct{ KeyID, Sig string }
	}
	if err := json.Unmarshal(envelope, &e); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(publicPEM)
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(e.Signatures[0].Sig)
	if err != nil {
		t.Fatal(err)
	}
	// PAE(type, body) = "DSSEv1" + SP + LEN(type) + SP + type + SP + LEN(body) + SP + body
	pae := fmt.Sprintf("DSSEv1 %d %s %d %s", len(e.PayloadType), e.PayloadType, len(payload), payload)
	if !ed25519.Verify(public.(ed25519.PublicKey), []byte(pae), signature) {
		t.Fatal("the signature is not over the pre-authentication encoding")
	}
	if e.PayloadType != "application/vnd.in-toto+json" {
		t.Errorf("payload type %q", e.PayloadType)
	}
	var s statement
	if err := json.Unmarshal(payload, &s); err != nil {
		t.Fatal(err)
	}
	if s.Type != "https://in-toto.io/Statement/v1" {
		t.Errorf("statement of type %q", s.Type)
	}
	return s
}

func TestStatementsByTheSpecification(t *testing.T) {
	dir, keyDir := t.TempDir(), t.TempDir()
	if _, err := NewKey(keyDir); err != nil {
		t.Fatal(err)
	}
	signer, err := ReadSigner(filepath.Join(keyDir, PrivateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "record.json", "{}")
	record := aRecord(t, "missed")
	record.Run.Seed = 1<<64 - 1
	if err := Seal(t.Context(), dir, record, &signer); err != nil {
		t.Fatal(err)
	}
	public := read(t, filepath.Join(keyDir, PublicKeyFile))
	manifest := sha256.Sum256(read(t, filepath.Join(dir, ManifestFile)))

	own := independently(t, read(t, filepath.Join(dir, RehearsalFile)), public)
	test := independently(t, read(t, filepath.Join(dir, TestResultFile)), public)
	for _, s := range []statement{own, test} {
		if s.Subject[0].Name != "manifest.json" || s.Subject[0].Digest["sha256"] != hex.EncodeToString(manifest[:]) {
			t.Errorf("subject %+v is not the manifest", s.Subject[0])
		}
	}
	if own.PredicateType != RehearsalType || test.PredicateType != "https://in-toto.io/attestation/test-result/v0.1" {
		t.Errorf("predicates %q and %q", own.PredicateType, test.PredicateType)
	}
	checkRehearsal(t, own.Predicate)
	checkTestResult(t, test.Predicate)
}

// A run that misses within accepted risks is a warning; one that proves nothing, or has a risk that closed, is none.
func TestTestResultOfAcceptedRisks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*reports.Record)
		result string
		warned int
		failed int
	}{
		{"within", func(*reports.Record) {}, "WARNED", 1, 0},
		{"a risk that closed", func(r *reports.Record) { r.Risks[0].State = reports.RiskClosed }, "FAILED", 1, 1},
		{"another miss", func(r *reports.Record) { r.Drills[0].Verdict = reports.Missed }, "FAILED", 1, 1},
		{"not proven", func(r *reports.Record) { r.Drills[0].Verdict = reports.NotProven }, "FAILED", 1, 1},
		{"ended early", func(r *reports.Record) { r.Run.Aborted = "interrupted" }, "FAILED", 1, 0},
	} {
		r := aRecord(t, "accepted")
		tt.change(&r)
		m := newManifest(r, nil)
		if m.Run.Verdict == reports.Met || m.Run.Accepted != (tt.result == "WARNED") {
			t.Errorf("%s: the manifest says %s, accepted: %t", tt.name, m.Run.Verdict, m.Run.Accepted)
		}
		result := newTestResult(m, r)
		if result.Result != tt.result || len(result.WarnedTests) != tt.warned || len(result.FailedTests) != tt.failed {
			t.Errorf("%s: %s, warned of %q, failed %q", tt.name, result.Result, result.WarnedTests, result.FailedTests)
		}
		for _, d := range newRehearsal(m, r).Drills {
			if d.Verdict == reports.Met && d.Accepted != nil || d.Name == "postgres-volume-loss-dump" && d.Accepted == nil {
				t.Errorf("%s: %s is %s, accepted: %v", tt.name, d.Name, d.Verdict, d.Accepted)
			}
		}
	}
}

// A program that knows nothing of drdrill verifies the signature.
func TestOpenSSLVerifies(t *testing.T) {
	if out, err := exec.Command("openssl", "version").Output(); err != nil || !strings.HasPrefix(string(out), "OpenSSL 3") {
		t.Skip("no OpenSSL 3")
	}
	keyDir, dir := t.TempDir(), t.TempDir()
	if _, err := NewKey(keyDir); err != nil {
		t.Fatal(err)
	}
	signer, err := ReadSigner(filepath.Join(keyDir, PrivateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "record.json", "{}")
	if err := Seal(t.Context(), dir, aRecord(t, "met"), &signer); err != nil {
		t.Fatal(err)
	}
	var e struct {
		Payload    []byte
		Signatures []struct{ Sig []byte }
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, TestResultFile)), &e); err != nil {
		t.Fatal(err)
	}
	verify := func(payload string) error {
		write(t, keyDir, "signed", fmt.Sprintf("DSSEv1 28 application/vnd.in-toto+json %d %s", len(payload), payload))
		write(t, keyDir, "signature", string(e.Signatures[0].Sig))
		openssl := exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", PublicKeyFile, "-rawin", "-in", "signed", "-sigfile", "signature")
		openssl.Dir = keyDir
		return openssl.Run()
	}
	if err := verify(string(e.Payload)); err != nil {
		t.Errorf("the signature: %v", err)
	}
	if err := verify(strings.Replace(string(e.Payload), "PASSED", "FAILED", 1)); err == nil {
		t.Error("another payload passes")
	}
}

func checkRehearsal(t *testing.T, predicate json.RawMessage) {
	t.Helper()
	var measured struct {
		Run    struct{ Seed, Verdict string }
		Drills []struct {
			Name string
			RTO  struct{ TargetSeconds, MeasuredSeconds float64 }
			RPO  []struct {
				Class string
				Lost  int
			}
		}
	}
	if err := json.Unmarshal(predicate, &measured); err != nil {
		t.Fatal(err)
	}
	if d := measured.Drills[0]; d.RTO.TargetSeconds != 900 || d.RTO.MeasuredSeconds != 2.316 || len(d.RPO) != 5 {
		t.Errorf("the first drill is stated as %+v", d)
	}
	if measured.Run.Seed != "18446744073709551615" || measured.Run.Verdict != "missed" {
		t.Errorf("the run is stated as %+v", measured.Run)
	}
}

func checkTestResult(t *testing.T, predicate json.RawMessage) {
	t.Helper()
	var result struct {
		Result                   string
		PassedTests, FailedTests []string
		Configuration            []struct {
			Name   string
			Digest map[string]string
		}
	}
	if err := json.Unmarshal(predicate, &result); err != nil {
		t.Fatal(err)
	}
	if result.Result != "FAILED" || !slices.Equal(result.PassedTests, []string{"postgres-kill"}) ||
		!slices.Equal(result.FailedTests, []string{"postgres-volume-loss-dump", "accepted risk of postgres-volume-loss-dump: rpo audit", "accepted risk of postgres-kill: rto"}) {
		t.Errorf("the test result is %+v", result)
	}
	if c := result.Configuration; len(c) != 2 || c[0].Name != "drdrill/postgres:17" || c[0].Digest["sha256"] == "" {
		t.Errorf("the configuration is %+v", c)
	}
}

// What is not proven is neither a pass nor a warning, and every repetition has a name.
func TestTestResult(t *testing.T) {
	for name, want := range map[string]string{"met": "PASSED", "missed": "FAILED", "odd": "FAILED", "aborted": "FAILED", "repeated": "PASSED"} {
		r := aRecord(t, name)
		result := newTestResult(newManifest(r, nil), r)
		if result.GetResult() != want || len(result.GetWarnedTests()) > 0 {
			t.Errorf("%s: %v, want %s", name, result, want)
		}
		if name == "repeated" && !slices.Equal(result.GetPassedTests(), []string{"redis-kill", "redis-kill#2"}) {
			t.Errorf("repetitions are named %v", result.GetPassedTests())
		}
	}
}

// The scripts that took part are subjects, so that a statement can be found by the digest of a script.
func TestSubjects(t *testing.T) {
	r := aRecord(t, "met")
	list := subjects(newManifest(r, nil), []byte("{}"), r)
	if len(list) != 2 || list[1].GetName() != "scripts/restart-postgres.sh" || list[1].GetDigest()["sha256"] != r.Run.Scripts["restart-postgres.sh"].SHA256 {
		t.Errorf("subjects %v", list)
	}
}
