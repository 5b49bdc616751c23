package index

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/cogitator-ai/drdrill/reports/history"
)

// table is one of the index: its columns and all its rows.
type table struct {
	name    string
	columns string // with their types, as in CREATE TABLE
	rows    [][]any
}

// tables are what the index holds of a chain. Times are in UTC and sort as text; seconds are NULL
// where nothing was measured.
func tables(c history.Chain) []table {
	runs := table{name: "runs", columns: `entry INTEGER PRIMARY KEY, run TEXT, started TEXT, finished TEXT, verdict TEXT, aborted TEXT,
		version TEXT, scale TEXT, parallel INTEGER, rate INTEGER, seed TEXT, record_sha256 TEXT, sha256 TEXT, accepted INTEGER`}
	results := table{name: "results", columns: `entry INTEGER, drill TEXT, repetition INTEGER, verdict TEXT, regression TEXT, unrun INTEGER,
		rto REAL, uncertainty REAL, target REAL, accepted INTEGER, PRIMARY KEY (entry, drill, repetition)`}
	phases := table{name: "phases", columns: `entry INTEGER, drill TEXT, repetition INTEGER, place INTEGER, phase TEXT, seconds REAL`}
	losses := table{name: "losses", columns: `entry INTEGER, drill TEXT, repetition INTEGER, class TEXT, verdict TEXT, judged TEXT,
		observed REAL, projected REAL, lost INTEGER`}
	files := table{name: "files", columns: `entry INTEGER, kind TEXT, name TEXT, digest TEXT`}
	for _, e := range c.Entries {
		run := e.Run
		runs.add(e.Number, run.ID, stamp(run.StartedAt), stamp(run.FinishedAt), run.Verdict, run.Aborted,
			run.Version, run.Scale, run.Parallel, run.Rate, strconv.FormatUint(run.Seed, 10), e.RecordSHA256, e.Hash, run.Accepted)
		for _, r := range run.Results {
			results.add(e.Number, r.Drill, r.Repetition, r.Verdict, r.Regression, r.Unrun,
				r.RTO.MeasuredSeconds, r.RTO.UncertaintySeconds, r.RTO.TargetSeconds, r.Accepted)
			for i, p := range r.RTO.Phases {
				phases.add(e.Number, r.Drill, r.Repetition, i+1, p.Name, p.Seconds)
			}
			for _, l := range r.RPO {
				losses.add(e.Number, r.Drill, r.Repetition, l.Class, l.Verdict, l.Judged, l.ObservedSeconds, l.ProjectedSeconds, l.Lost)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(run.Scripts)) {
			files.add(e.Number, "script", name, run.Scripts[name].SHA256)
		}
		for _, key := range slices.Sorted(maps.Keys(run.Images)) {
			files.add(e.Number, "image", key, run.Images[key].Digest)
		}
	}
	return []table{runs, results, phases, losses, files}
}

// add adds a row, in the types that SQLite gives back.
func (t *table) add(values ...any) {
	row := make([]any, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case int:
			row[i] = int64(v)
		case bool:
			row[i] = int64(0)
			if v {
				row[i] = int64(1)
			}
		case *float64:
			if v != nil {
				row[i] = *v
			}
		default:
			row[i] = v
		}
	}
	t.rows = append(t.rows, row)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
