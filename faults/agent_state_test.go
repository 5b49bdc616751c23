package faults_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cogitator-ai/drdrill/faults"
)

// populated answers every query of the import with some rows.
func populated() *system {
	return &system{
		answers: map[string]int{
			"SELECT id FROM runs r WHERE EXISTS": 60, "SELECT DISTINCT agent_id": 10, "DELETE FROM agents": 3, "DELETE FROM runs": 2, "DELETE FROM run_steps": 2,
			"UPDATE runs": 4, "UPDATE memory_vectors": 4, "INSERT INTO runs": 2, "INSERT INTO memory_vectors": 2, "INSERT INTO run_steps": 2, "INSERT INTO step_effects": 2,
		},
		rows: map[string]int64{"FROM runs c": 30, "FROM memory_vectors c": 20, "FROM run_steps c": 10},
	}
}

func importInto(s *system, seed uint64) (faults.Damage, string, error) {
	var damage faults.Damage
	var runs []string
	for i := range 20 {
		runs = append(runs, fmt.Sprintf("runs-%d", i))
	}
	hit, err := faults.InconsistentState{}.Inject(context.Background(), faults.Target{
		System: s, Runs: runs, Vectors: []string{"v1", "v2", "v3", "v4", "v5"}, Damage: &damage, Rand: rand.New(rand.NewPCG(seed, 1)),
	})
	return damage, hit, err
}

func TestInconsistentState(t *testing.T) {
	damage, hit, err := importInto(populated(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(damage.Removed) != 7 || len(damage.Altered) != 5*4+4 || len(damage.Unsaved) != 4 || len(damage.Stray) != 8 {
		t.Errorf("damage %+v", damage)
	}
	if !strings.HasPrefix(hit, "removed 7 rows that others refer to, wrote over 24 and over 4 that no backup holds, left 8 of its own; 60 references") {
		t.Errorf("hit %q", hit)
	}
	if row := damage.Stray[0]; row.Name() != "runs 0" || row.Digest != "digest-0" {
		t.Errorf("%+v is not what the statement returned", row)
	}
	if changed, left := damage.Changed(), damage.Left(); len(changed) != 7+24+4 || len(left) != 24+4+8 {
		t.Errorf("%d rows changed, %d left", len(changed), len(left))
	}
	for kind, want := range map[string]int{
		"runs_without_agent": 30, "vectors_without_agent": 20, "steps_without_run": 10, "effects_without_run": 2, "steps_miscounted": 2,
		"ended_before_begun": 4, "completed_without_result": 4, "running_without_worker": 4, "result_without_end": 8,
	} {
		if damage.Found[kind] != want {
			t.Errorf("%s: %d, want %d", kind, damage.Found[kind], want)
		}
	}
}

// A kind of damage that hits no row is an error, whichever it is, and so is a statement that fails.
func TestInconsistentStateHitsEachKind(t *testing.T) {
	for part := range populated().answers {
		s := populated()
		delete(s.answers, part)
		if strings.HasPrefix(part, "SELECT DISTINCT") {
			delete(s.answers, "DELETE FROM agents") // none is drawn, and so none is there to be removed
		}
		if _, hit, err := importInto(s, 1); !errors.Is(err, faults.ErrNothingHit) {
			t.Errorf("nothing for %s: hit %q, error %v", part, hit, err)
		}
	}
	for _, call := range []string{
		"query SELECT id FROM runs", "query SELECT DISTINCT", "query SELECT id FROM memory_vectors", "query DELETE FROM agents", "query DELETE FROM run_steps", "query UPDATE runs",
		"query UPDATE memory_vectors", "query INSERT INTO step_effects", "sql ALTER TABLE memory_vectors DROP", "sql ALTER TABLE memory_vectors ADD", "sql SELECT",
	} {
		s := populated()
		s.fail = call
		if _, _, err := importInto(s, 1); !errors.Is(err, errBroken) || errors.Is(err, faults.ErrNothingHit) {
			t.Errorf("%s fails: error %v", call, err)
		}
	}
}

// The seed alone says which rows are hit and how many, and none is hit twice.
func TestInconsistentStateFollowsTheSeed(t *testing.T) {
	hits := func(seed uint64) []string {
		s := populated()
		if _, _, err := importInto(s, seed); err != nil {
			t.Fatal(err)
		}
		return s.calls
	}
	if !slices.Equal(hits(1), hits(1)) || slices.Equal(hits(1), hits(2)) {
		t.Error("the same seed hits other rows, or another the same")
	}
	s := populated()
	if _, _, err := importInto(s, 3); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, call := range s.called("query UPDATE runs") {
		if strings.Contains(call, "OFFSET") {
			continue
		}
		_, ids, _ := strings.Cut(call, "[[")
		for _, id := range strings.Fields(strings.TrimRight(ids, "]")) {
			if strings.HasPrefix(id, "runs-") && seen[id] {
				t.Errorf("%s is hit twice", id)
			}
			seen[id] = true
		}
	}
}
