package reports

// pastRow is a run of a drill in words.
type pastRow struct{ Run, At, Verdict, RTO string }

// pastWords are the runs of a drill before this one, newest first.
func pastWords(trend []Past) []pastRow {
	rows := make([]pastRow, 0, len(trend))
	for i := len(trend) - 1; i >= 0; i-- {
		p := trend[i]
		rows = append(rows, pastRow{oneLine(p.RunID), instant(p.At), p.Verdict, tied(figure(p.RTOSeconds, notRestored))})
	}
	return rows
}
