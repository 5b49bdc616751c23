package drills

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/runbook"
	"github.com/cogitator-ai/drdrill/reports"
	"github.com/cogitator-ai/drdrill/reports/attest"
	"github.com/cogitator-ai/drdrill/reports/pdf/pdftest"
)

// fromEnvironment is a secret of drdrill's environment. It is put together, since what stands in a program is
// one of its own words.
var fromEnvironment = strings.Join([]string{"env1ronment", "value"}, "-")

// planted are lines that hold secrets, and what must not be left of them.
var planted = []struct{ line, secret string }{
	{"connect to postgres://cogitator:Pl4nted-In-Url@db/cogitator", "Pl4nted-In-Url"},
	{"the stack says st4ck&own\"password", "st4ck&own"},
	{"the stack's in a URL: redis://:st4ck%26own%22password@redis", "st4ck%26own"},
	{"the stack's in base64: c3Q0Y2smb3duInBhc3N3b3Jk", "c3Q0Y2smb3duInBhc3N3b3Jk"},
	{"drdrill was given " + fromEnvironment, fromEnvironment},
	{"uploaded with AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"},
	{"and with wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"},
	{"Authorization: Bearer b34rer-of-news", "b34rer-of-news"},
	{"DB_PASSWORD=named-l1ke-one TZ=UTC", "named-l1ke-one"},
	{`{"clientSecret": "in-j5on"}`, "in-j5on"},
	{"SMTP_PASS=p4ss-by-name", "p4ss-by-name"},
	{"db.example.org:5432:*:cogitator:p4ss-in-a-file", "p4ss-in-a-file"},
	{"redis-cli --pass fl4g-of-redis ping", "fl4g-of-redis"},
	{"ACL SETUSER app on >4cl-of-redis ~* +@all", "4cl-of-redis"},
	{"AUTH app 4uth-of-redis", "4uth-of-redis"},
	{"GET https://h.example.org/b?sig=s1gned-address%3D", "s1gned-address"},
	{"https://h.example.org/b?X-Amz-Credential=4mz-credential&X-Amz-Signature=4mz-signature", "4mz-"},
	{"npm_0123456789abcdefghijABCDEFGHIJ012345", "npm_0123456789"},
	{"POSTGRES_PASSWORD=postgres", "PASSWORD=postgres"}, // a common word, told as a password
	{"-----BEGIN PRIVATE KEY-----", "PRIVATE KEY"},
	{"MC4CAQAwBQYDK2VwBCIEIPEMBlockOfTheKeyPEMBlockOfTheKey0123456789", "PEMBlock"},
	{"-----END PRIVATE KEY-----", "PRIVATE KEY"},
}

func plant() string {
	var b strings.Builder
	for _, p := range planted {
		b.WriteString(p.line + "\n")
	}
	return b.String()
}

// prints is a script that prints the text, so many bytes at a time, and fails as loudly.
type prints struct {
	text string
	size int
}

func (p prints) Exec(_ context.Context, _ runbook.Command, out io.Writer) (int, error) {
	for part := range slices.Chunk([]byte("==> leak [10]\n"+p.text), p.size) {
		if _, err := out.Write(part); err != nil {
			return 0, err
		}
	}
	return 0, errors.New(p.text)
}

// Whatever prints a secret, and in however many writes, no file of the run holds it: not the record, not a
// report, not the evidence, not what is signed.
func TestNoSecretIsInARunsFolder(t *testing.T) {
	t.Setenv("DEPLOY_TOKEN", fromEnvironment)
	t.Setenv("POSTGRES_PASSWORD", "postgres")
	for _, size := range []int{1, 7, 1 << 20} {
		r := rehearsed(t)
		r.ownSecrets = []string{`st4ck&own"password`}
		r.setting.Secrets, _ = environment()
		dir := r.setting.Dir
		leak(t, r, size)
		result := r.conclude(t.Context())
		if err := r.keeper().errs; len(err) > 0 {
			t.Fatal(err)
		}
		record := reports.Record{Schema: reports.Schema, Drills: []reports.Drill{result}}
		record.Run.Aborted = strings.Join(strings.Split(plant(), "\n")[4:], "\n") // no stack's secret comes that far
		Redact(&record)
		if err := reports.WriteAll(dir, record); err != nil {
			t.Fatal(err)
		}
		private := t.TempDir()
		if _, err := attest.NewKey(private); err != nil {
			t.Fatal(err)
		}
		signer, err := attest.ReadSigner(filepath.Join(private, attest.PrivateKeyFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := attest.Seal(t.Context(), dir, record, &signer); err != nil {
			t.Fatal(err)
		}
		searchFolder(t, dir)
	}
}

// drdrill's own words are as they are, whatever is a secret: names in the record are those of its files, and
// figures in evidence can be computed with. What is said to be a password is hidden all the same.
func TestOwnWordsAreNoSecrets(t *testing.T) {
	for name, value := range map[string]string{"POSTGRES_PASSWORD": "postgres", "REDIS_PASSWORD": "redis", "A_TOKEN": "acknowledged", "B_TOKEN": "backup.sh", "C_TOKEN": "phantom"} {
		t.Setenv(name, value)
	}
	r := rehearsed(t)
	untouched := rehearsed(t)
	var common []string
	r.setting.Secrets, common = environment()
	if want := []string{"A_TOKEN", "B_TOKEN", "C_TOKEN", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}; !slices.Equal(slices.Sorted(slices.Values(common)), want) {
		t.Errorf("common are %v, want %v", common, want)
	}
	// Not even a secret that is none of the program's words is looked for in names and figures.
	r.ownSecrets = []string{"redis-volume-loss", "restore.sh", "ledger.csv", "1000000000", "missed", "audit"}
	for _, r := range []*rehearsal{r, untouched} {
		r.watch.Observe(recovery.Observation{Asked: 1000000000, Answered: 1000000001, Err: errors.New("redis: away")})
		r.proofs = append(r.proofs, reports.Proof{Name: "redis-volume-loss", Verdict: reports.Missed, Detail: "REDIS_PASSWORD=redis, and redis says: postgres is away"})
	}
	got, want := r.conclude(t.Context()), untouched.conclude(t.Context())
	if got.Name != want.Name || got.Verdict != want.Verdict || got.Steps[0].Script != want.Steps[0].Script || got.RPO[0].Class != want.RPO[0].Class {
		t.Errorf("%s %s %s %s", got.Name, got.Verdict, got.Steps[0].Script, got.RPO[0].Class)
	}
	if said := got.Proofs[1]; said.Name != "redis-volume-loss" || said.Detail != "REDIS_PASSWORD=[redacted], and redis says: postgres is away" {
		t.Errorf("the proof says %+v", said)
	}
	for i, kept := range want.Evidence[:3] {
		if got.Evidence[i].Path != kept.Path || got.Evidence[i].SHA256 != kept.SHA256 {
			t.Errorf("%+v, want %+v", got.Evidence[i], kept)
		}
	}
	if err := attest.CheckEvidence(r.setting.Dir, reports.Record{Drills: []reports.Drill{got}}); err != nil {
		t.Error(err)
	}
}

func TestCommonNoteTellsNoValue(t *testing.T) {
	note := commonNote([]string{"POSTGRES_PASSWORD", "DB_PASS"})
	if !strings.HasPrefix(note, "POSTGRES_PASSWORD, DB_PASS: the value is a common word or has fewer than 8 characters, choose another") {
		t.Errorf("the note is %q", note)
	}
}

// leak lets everything that a drill hears of tell the secrets.
func leak(t *testing.T, r *rehearsal, size int) {
	runner := runbook.Runner{Exec: prints{plant(), size}, Secrets: r.secrets(), Log: r.log}
	r.recovered = append(r.recovered, runner.Run(t.Context(), runbook.Script{Path: "/opt/leak.sh"}, nil))
	leaked := errors.New(plant())
	r.fail(leaked)
	r.fail(r.recovered[len(r.recovered)-1].Err)
	r.watch.Observe(recovery.Observation{Asked: ms(1), Answered: ms(2), Err: leaked})
	r.hit = plant()
	r.versions = map[string]string{"postgres": plant()}
	r.proofs = append(r.proofs, reports.Proof{Name: "it leaks", Verdict: reports.Missed, Detail: plant()})
	r.drill.Scripts = append(r.drill.Scripts, Script{Name: "leak.sh", Env: map[string]string{"LEAK": plant()}})
	log := r.keeper()
	log.keep("postgres.log", []byte(plant()), nil) // as keepEvidence does with what a container printed
	if len(log.errs) > 0 {
		t.Fatal(log.errs)
	}
}

// readPDF is all that a document says, without the compression that it is written with.
func readPDF(t *testing.T, file []byte) []byte {
	doc := pdftest.Read(t, file)
	said := doc.Text() + strings.Join(doc.Outline, "\n")
	for _, value := range doc.Info {
		said += "\n" + value
	}
	return []byte(said)
}

// squeezed is the text without its spaces: where lines are wrapped, a secret may go on in the next one.
func squeezed(text []byte) []byte { return bytes.Join(bytes.Fields(text), nil) }

func searchFolder(t *testing.T, dir string) {
	t.Helper()
	redacted := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if filepath.Ext(path) == ".pdf" {
			content = readPDF(t, content)
		}
		redacted[filepath.Base(path)] = bytes.Contains(content, []byte("[redacted]"))
		for _, p := range planted {
			if secret := []byte(p.secret); bytes.Contains(content, secret) || bytes.Contains(squeezed(content), squeezed(secret)) {
				t.Errorf("%s holds %q", path, p.secret)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"record.json", "report.html", "report.pdf", "report.md", "junit.xml", "transcript.log", "postgres.log", "probe.csv", "versions.json"} {
		if !redacted[name] {
			t.Errorf("%s shows nothing redacted: was anything planted there?", name)
		}
	}
	if _, there := redacted[attest.RehearsalFile]; !there {
		t.Error("there is no statement")
	}
}
