package reports

import (
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/reports/pdf/pdftest"
)

// What had to fail in a drill that met its targets is there, and of its output the end.
func TestPDFOfAMetDrillIsBrief(t *testing.T) {
	d := redisKill()
	d.Steps = append(d.Steps, Step{Script: "backup-redis.sh", Name: "copy the snapshot", ExitCode: 70, Output: strings.Repeat("wdqjx\n", 9) + "no space left on device\n"})
	d.Steps[0].Output = "what went well"
	d.RPO[0].Lost, d.RPO[0].Refused = 0, 3
	d.Backups = []Backup{{"backup-redis.sh", 2, .9, 0}, {"backup-redis.sh", 6, 1.2, 0}}
	text := pdfOf(t, sampleRecord(d)).Flat()
	for _, want := range []string{
		"Steps that ended with a failure, as they had to", "copy the snapshot", "[earlier lines are in report.html]", "no space left on device",
		"1 of 2 steps ended with exit code 0", "Refused: memory 3.", "None was lost, mutated, phantom, duplicated.",
		"2 runs of backup-redis.sh, restorable after 900 ms to 1.2 s", "1 file, listed with their SHA-256 in report.html and manifest.json",
		"All as wanted: appendonly=yes",
	} {
		if !strings.Contains(text, pdftest.Squeezed(want)) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(text, "wdqjx"); n != briefLines-1 {
		t.Errorf("%d earlier lines of the output, want %d", n, briefLines-1)
	}
	if strings.Contains(text, "whatwentwell") {
		t.Error("the output of a step that went well is there")
	}
}

// A backup that failed and a setting that is not as wanted keep their tables.
func TestPDFOfAMetDrillShowsWhatIsOdd(t *testing.T) {
	d := redisKill()
	d.Backups = []Backup{{"backup-redis.sh", 2, .9, 70}}
	d.Settings[1].Value = "no"
	text := pdfOf(t, sampleRecord(d)).Flat()
	for _, want := range []string{"Lag until restorable", "Durability settings, as the live servers state them"} {
		if !strings.Contains(text, pdftest.Squeezed(want)) {
			t.Errorf("%q is missing", want)
		}
	}
}
