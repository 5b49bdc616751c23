package playbook

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// mistaken are the tables that the operator hits, by the class that they hold.
var mistaken = map[recovery.Class]string{recovery.Vectors: "memory_vectors", recovery.Audit: "audit_logs"}

// operatorError is the drill of statements that the server carried out as told. To rewind the whole
// server would lose what clients have written since: only the tables hit go back, beside the live ones.
func operatorError() drills.Drill {
	return drills.Drill{
		Name: "postgres-operator-error", Scenario: postgresDown, Title: "An operator empties a table and drops another",
		Recovery: "replay the streamed log beside the live server up to just before each statement, and bring the tables back from there",
		Proves:   "the last writes before the statement are back, none after it comes from the past, and what clients wrote since lives on",
		Limits: "The statement is found in the log: a DELETE, TRUNCATE or DROP. What a wrong UPDATE has overwritten is not found, nor are foreign keys and views that a DROP … CASCADE took of other tables. " +
			"A table that was rewritten as a whole since the base backup needs a newer one.",
		Labels: []string{"scenario=postgres", "store=postgres"},
		Needs:  fixtures.Needs{WALArchive: true, ObjectStore: true},
		Probe:  workload.Database, DataFault: true, Fault: faults.OperatorError{},
		Backups:    []drills.Backup{baseBackup()},
		Safeguards: []drills.Safeguard{streamedLog()},
		Scripts:    []drills.Script{{Name: "restore-postgres-tables.sh", Args: []string{"latest-verified", "memory_vectors", "audit_logs"}}},
		Objective:  objective(postgresRTO), Settle: settle, Changes: []drills.Change{rowsAreLoaded(`public\.(audit_logs|memory_vectors)`)},
		Checks: []drills.Check{nothingLost(), backFromJustBefore(), commitsWaitForReceiver()},
	}
}

// backFromJustBefore tells the rows that were brought back, which came in one transaction, from those
// that clients wrote, each in one of its own. Every write is a marker: those acknowledged before the
// statement are among the rows brought back, those issued after it are not.
func backFromJustBefore() drills.Check {
	return drills.Check{
		Name: "the marker before the target is there, the one after is not",
		After: func(ctx context.Context, s drills.Site) (string, error) {
			var details []string
			for _, class := range []recovery.Class{recovery.Vectors, recovery.Audit} {
				ids, err := s.Stack.RowsMadeTogether(ctx, mistaken[class])
				if err != nil {
					return "", err
				}
				found, err := compareWithTarget(s, class, ids)
				if err != nil {
					return "", fmt.Errorf("%s: %w", mistaken[class], err)
				}
				details = append(details, found)
			}
			return strings.Join(details, ". "), nil
		},
	}
}

// compareWithTarget compares the rows brought back with the instants of the writes.
func compareWithTarget(s drills.Site, class recovery.Class, ids []string) (string, error) {
	back := map[int]bool{}
	for _, id := range ids {
		back[workload.Seq(class, id)] = true
	}
	lastBefore, firstAfter := -1, -1
	var err error
	s.Ledger.Each(class, func(seq int, e recovery.Entry) bool {
		switch {
		case e.Issued > s.Hit:
			if firstAfter < 0 && e.Outcome == recovery.Acknowledged {
				firstAfter = seq
			}
			if back[seq] {
				err = drills.Violated("%s was written after the statement, and came back from the past", workload.ID(class, seq))
			}
		case e.Outcome == recovery.Acknowledged && e.Settled < s.Injected:
			lastBefore = seq
			if !back[seq] {
				err = drills.Violated("%s was acknowledged before the statement, and did not come back", workload.ID(class, seq))
			}
		}
		return err == nil
	})
	if err == nil && (lastBefore < 0 || firstAfter < 0) {
		err = errors.New("there was no write before the statement, or none after it")
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d rows of %s came back, %s the last that was acknowledged before; %s, the first that was acknowledged after, was not among them",
		len(ids), mistaken[class], workload.ID(class, lastBefore), workload.ID(class, firstAfter)), nil
}
