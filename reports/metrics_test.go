package reports

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// metricsOf renders a record that can be rendered.
func metricsOf(t *testing.T, r Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Metrics(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asText reads metrics as the textfile collector does.
func asText(t *testing.T, metrics []byte) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(metrics))
	if err != nil {
		t.Fatalf("the text format: %v\n%s", err, metrics)
	}
	return families
}

// asOpenMetrics reads metrics as Prometheus reads OpenMetrics: its samples, by name and labels.
func asOpenMetrics(t *testing.T, metrics []byte) map[string]float64 {
	t.Helper()
	samples := map[string]float64{}
	parser := textparse.NewOpenMetricsParser(metrics, labels.NewSymbolTable())
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return samples
		}
		if err != nil {
			t.Fatalf("OpenMetrics: %v\n%s", err, metrics)
		}
		if entry != textparse.EntrySeries {
			continue
		}
		_, at, v := parser.Series()
		var set labels.Labels
		parser.Labels(&set)
		if _, there := samples[set.String()]; there || at != nil {
			t.Fatalf("%s is there twice, or with a time of its own", set)
		}
		samples[set.String()] = v
	}
}

func TestMetricsAreReadByBothParsers(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			metrics := metricsOf(t, s.record)
			total := 0
			for name, f := range asText(t, metrics) {
				total += len(f.GetMetric())
				if f.GetType() != dto.MetricType_GAUGE || f.GetHelp() == "" {
					t.Errorf("%s is a %s with the help %q, want a gauge with help", name, f.GetType(), f.GetHelp())
				}
				for _, m := range f.GetMetric() {
					if m.TimestampMs != nil {
						t.Errorf("%s has a sample with a time, which the textfile collector refuses", name)
					}
				}
			}
			if n := len(asOpenMetrics(t, metrics)); n != total || n == 0 {
				t.Errorf("OpenMetrics has %d samples, the text format %d", n, total)
			}
		})
	}
}

func TestMetricsSayWhatTheRecordSays(t *testing.T) {
	samples := asOpenMetrics(t, metricsOf(t, sampleRecord(postgresKill(), volumeLoss(), corruptJSON())))
	lossy := `drill="postgres-volume-loss-dump", repetition="1", scenario="Scenario 3: PostgreSQL failure"`
	stuck := `drill="corrupt-json", repetition="1", scenario="Scenario 5: data corruption"`
	for series, want := range map[string]float64{
		`{__name__="drdrill_run_verdict", verdict="not-proven"}`:   1,
		`{__name__="drdrill_run_verdict", verdict="met"}`:          0,
		`{__name__="drdrill_run_finished_timestamp_seconds"}`:      1772443181,
		`{__name__="drdrill_drills", verdict="missed"}`:            1,
		`{__name__="drdrill_rto_measured_seconds", ` + lossy + `}`: 41.7,
		`{__name__="drdrill_rto_judged_seconds", ` + lossy + `}`:   221.7,
		`{__name__="drdrill_rto_target_seconds", ` + stuck + `}`:   3600,
		`{__name__="drdrill_writes", class="runs", drill="postgres-volume-loss-dump", outcome="lost", repetition="1", scenario="Scenario 3: PostgreSQL failure"}`: 214,
	} {
		if got, there := samples[series]; !there || got != want {
			t.Errorf("%s is %v (there: %t), want %v", series, got, there, want)
		}
	}
	for _, absent := range []string{
		`{__name__="drdrill_rto_measured_seconds", ` + stuck + `}`,
		`{__name__="drdrill_writes", class="runs", drill="corrupt-json", outcome="lost", repetition="1", scenario="Scenario 5: data corruption"}`,
	} {
		if v, there := samples[absent]; there {
			t.Errorf("%s was not measured, and is %v", absent, v)
		}
	}
}

func TestMetricsLeaveOutWhatIsMissing(t *testing.T) {
	d := postgresKill()
	d.RTO.DeclaredSeconds = math.NaN()
	r := sampleRecord(d)
	r.Run.StartedAt, r.Run.Scale = time.Time{}, ""
	metrics := string(metricsOf(t, r))
	for _, name := range []string{"drdrill_rto_declared_seconds", "drdrill_run_started_timestamp_seconds", "scale="} {
		if strings.Contains(metrics, name) {
			t.Errorf("%s is there without a figure:\n%s", name, metrics)
		}
	}
}

func TestMetricsRefuseTheSameDrillTwice(t *testing.T) {
	if err := Metrics(io.Discard, sampleRecord(postgresKill(), postgresKill())); err == nil {
		t.Error("two drills of one name and repetition were written; the collector refuses them")
	}
}

// FuzzMetrics puts any text into the labels.
func FuzzMetrics(f *testing.F) {
	f.Add("postgres-kill", `quo"te`)
	f.Add("back\\slash\nline", "\xff\x00\u2028")
	f.Fuzz(func(t *testing.T, name, phase string) {
		d := postgresKill()
		d.Name, d.RTO.Phases[0].Name, d.RPO[0].Class = name, phase, phase+"’s"
		metrics := metricsOf(t, sampleRecord(d))
		if len(asText(t, metrics)) == 0 || len(asOpenMetrics(t, metrics)) == 0 {
			t.Error("nothing was read")
		}
	})
}
