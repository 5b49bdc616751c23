// Package index answers questions about a history from SQLite. The index is no evidence: the chain
// is, and an index that holds anything else is made anew. It is a package of its own because SQLite
// is large, and those who only read the chain, its fuzz test above all, should not carry it.
package index

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite", without C

	"github.com/cogitator-ai/drdrill/reports/history"
)

// Path is where the index of a history lies: beside it.
func Path(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".db"
}

// Refresh makes the index of a history hold what the chain holds, damaged entries left out. An index
// that holds anything else, or cannot be read, is made anew.
func Refresh(ctx context.Context, path string, c history.Chain) (rebuilt bool, err error) {
	want := tables(c)
	file := Path(path)
	if matches(ctx, file, want) {
		return false, nil
	}
	if err := rebuild(ctx, file, want); err != nil {
		return false, fmt.Errorf("index the history: %w", err)
	}
	return true, nil
}

// matches says whether the index holds exactly the tables.
func matches(ctx context.Context, file string, want []table) bool {
	if _, err := os.Stat(file); err != nil {
		return false
	}
	db, err := open(file, "ro")
	if err != nil {
		return false
	}
	defer db.Close()
	for _, t := range want {
		found, err := query(ctx, db, "SELECT * FROM "+t.name+" ORDER BY rowid")
		if err != nil || !slices.Equal(found.Columns, t.names()) || !reflect.DeepEqual(found.Rows, t.rows) {
			return false
		}
	}
	return true
}

// rebuild makes the index in another file first, so that nobody reads half of one.
func rebuild(ctx context.Context, file string, want []table) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	db, err := open(f.Name(), "rw")
	if err != nil {
		return err
	}
	if err := errors.Join(fill(ctx, db, want), db.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// fill makes the tables in an empty database.
func fill(ctx context.Context, db *sql.DB, want []table) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for _, t := range want {
		if err := t.fill(ctx, tx); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return tx.Commit()
}

func (t table) fill(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "CREATE TABLE "+t.name+" ("+t.columns+")"); err != nil {
		return err
	}
	if len(t.rows) == 0 {
		return nil
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(t.rows[0])), ",")
	insert, err := tx.PrepareContext(ctx, "INSERT INTO "+t.name+" VALUES ("+marks+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, row := range t.rows {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return nil
}

// names are the columns' names.
func (t table) names() []string {
	var names []string
	for _, column := range strings.Split(strings.SplitN(t.columns, "PRIMARY KEY (", 2)[0], ",") {
		if words := strings.Fields(column); len(words) > 0 {
			names = append(names, words[0])
		}
	}
	return names
}

// Answer is what a query came to. A cell is nil, an int64, a float64 or a string.
type Answer struct {
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// Query asks the index of a history, which Refresh has made. It can change nothing.
func Query(ctx context.Context, path, question string) (Answer, error) {
	db, err := open(Path(path), "ro")
	if err != nil {
		return Answer{}, fmt.Errorf("query the history: %w", err)
	}
	defer db.Close()
	answer, err := query(ctx, db, question)
	if err != nil {
		return Answer{}, fmt.Errorf("query the history: %w", err)
	}
	return answer, nil
}

// open opens a database that is there, to read (ro) or to write (rw).
func open(path, mode string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: "mode=" + mode}
	if mode == "ro" {
		name.RawQuery += "&_pragma=query_only(1)"
	}
	return sql.Open("sqlite", name.String())
}

func query(ctx context.Context, db *sql.DB, question string) (Answer, error) {
	found, err := db.QueryContext(ctx, question)
	if err != nil {
		return Answer{}, err
	}
	defer found.Close()
	var answer Answer
	if answer.Columns, err = found.Columns(); err != nil {
		return Answer{}, err
	}
	for found.Next() {
		row := make([]any, len(answer.Columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			return Answer{}, err
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer, found.Err()
}
