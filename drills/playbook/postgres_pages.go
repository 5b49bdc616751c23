package playbook

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/faults"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
)

// damagedPages is the drill of files that go bad under a running server.
func damagedPages() drills.Drill {
	return drills.Drill{
		Name: "postgres-page-corruption", Scenario: postgresDown, Title: "Pages of a table are damaged on disk",
		Recovery: "find the damaged pages by their checksums, restore base backup and streamed log, stream again",
		Proves:   "every row holds what was written; every page on disk has the right checksum",
		Limits:   "The server has to have page checksums, which initdb makes by default only from PostgreSQL 18 on. Damage that a base backup already holds is not rehearsed: backups are refused when a page is wrong.",
		Labels:   []string{"scenario=postgres", "store=postgres"},
		Needs:    fixtures.Needs{WALArchive: true, ObjectStore: true},
		Probe:    workload.Database, DataFault: true, Fault: faults.DamagePages{},
		Backups:    []drills.Backup{baseBackup()},
		Safeguards: []drills.Safeguard{streamedLog()},
		Scripts:    []drills.Script{{Name: "repair-postgres-pages.sh"}},
		Objective:  objective(postgresRTO), Settle: settle, Changes: targetStays(),
		Checks: []drills.Check{damageWasFound(), everyRowByContent(), everyPageRight(), commitsWaitForReceiver()},
	}
}

// overwritten is what the fault says of the pages that it hit: their blocks, and the file below the data directory.
var overwritten = regexp.MustCompile(`blocks ([0-9 ]+) of (\S+):`)

// damageWasFound holds what a step printed against what the fault hit. Pages that are restored are right, so
// that whoever names the wrong ones has looked before.
func damageWasFound() drills.Check {
	return drills.Check{
		Name: "the checksums found the damage",
		After: func(_ context.Context, s drills.Site) (string, error) {
			hit := overwritten.FindStringSubmatch(s.Harm)
			if hit == nil {
				return "", fmt.Errorf("the fault does not say which blocks it hit: %q", s.Harm)
			}
			blocks := strings.Fields(hit[1])
			for _, step := range s.Steps {
				if namesBlocks(step.Output, hit[2], blocks) {
					return fmt.Sprintf("the step %q named what was damaged: the blocks %s of %s", step.Name, hit[1], hit[2]), nil
				}
			}
			return "", drills.Violated("no step has named the blocks that were damaged: %s of %s", hit[1], hit[2])
		},
	}
}

// namesBlocks says whether a text names all these blocks of a file, as PostgreSQL's programs do.
func namesBlocks(text, file string, blocks []string) bool {
	return !slices.ContainsFunc(blocks, func(block string) bool {
		return !strings.Contains(text, fmt.Sprintf("/%s\", block %s:", file, block))
	})
}

func everyRowByContent() drills.Check {
	return drills.Check{
		Name: "every row holds what was written",
		After: func(_ context.Context, s drills.Site) (string, error) {
			right := 0
			for _, class := range recovery.Classes() {
				loss := s.Losses[class]
				if loss.Lost > 0 || !loss.Intact() {
					return "", drills.Violated("%s: %d lost, %d mutated, %d phantom, %d duplicated", class, loss.Lost, loss.Mutated, loss.Phantom, loss.Duplicated)
				}
				right += loss.Acknowledged
			}
			return fmt.Sprintf("all %d acknowledged writes were read back and compared by content", right), nil
		},
	}
}

func everyPageRight() drills.Check {
	return drills.Check{
		Name: "every page on disk has the right checksum",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			return nil, pagesAreRight(ctx, s)
		},
		After: func(ctx context.Context, s drills.Site) (string, error) {
			return "the whole data directory was read from disk, and no page was wrong", pagesAreRight(ctx, s)
		},
	}
}

func pagesAreRight(ctx context.Context, s drills.Site) error {
	wrong, err := s.Stack.DamagedPages(ctx)
	if err == nil && wrong != "" {
		err = drills.Violated("%s", wrong)
	}
	return err
}
