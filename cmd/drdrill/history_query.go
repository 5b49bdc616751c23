package main

import (
	"context"
	"fmt"

	"github.com/cogitator-ai/drdrill/reports/history"
	"github.com/cogitator-ai/drdrill/reports/history/index"
)

// historyQuery answers a question from the index.
func (p program) historyQuery(ctx context.Context, path string, chain history.Chain, o historyOptions) error {
	if _, err := index.Refresh(ctx, path, chain); err != nil {
		return err
	}
	answer, err := index.Query(ctx, path, o.sql)
	if err != nil {
		return usage("%w; the tables are runs, results, phases, losses and files", err)
	}
	if o.json {
		return writeJSON(p.stdout, answer)
	}
	rows := [][]string{answer.Columns}
	for _, row := range answer.Rows {
		rows = append(rows, each(row, func(cell any) string {
			if cell == nil {
				return "–"
			}
			return oneLine(fmt.Sprint(cell))
		}))
	}
	if len(chain.Damage) > 0 {
		if _, err := fmt.Fprintf(p.stderr, "drdrill: the history is damaged; what is damaged is not in the index: see drdrill history\n"); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return p.print(aligned(rows))
}
