package reports

// writesRow is one outcome of writes, by class.
type writesRow struct {
	Name, Meaning string
	Cells         []writesCell
}

// writesCell is one class's count, and how it is shown.
type writesCell struct{ Words, Class string }

// writesRows turn the counts of the classes into a row an outcome.
func writesRows(classes []RPO) []writesRow {
	var views []writesRow
	for _, row := range outcomes {
		v := writesRow{Name: row.name, Meaning: row.meaning}
		for _, class := range classes {
			v.Cells = append(v.Cells, cellOf(class, row.of(class), row.read))
		}
		views = append(views, v)
	}
	return views
}

// cellOf words one count.
func cellOf(class RPO, n int, read bool) writesCell {
	switch {
	case n == 0 && read:
		return writesCell{foundWords(class, n), "zero"}
	case n == 0:
		return writesCell{count(n), "zero"}
	case read:
		return writesCell{count(n), "finding"}
	default:
		return writesCell{count(n), ""}
	}
}
