package playbook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/recovery"
)

// source is what a kind of backup is taken from, and how the source is held against what was restored from one.
type source struct {
	classes []recovery.Class
	// prepare makes the source hold what a backup can lose.
	prepare func(context.Context, *fixtures.Stack) error
	content func(context.Context, *fixtures.Stack) (fixtures.Content, error)
	// objects are what has to be the same beside the content, one a line.
	objects func(context.Context, *fixtures.Stack) ([]string, error)
	// clear takes from an empty site what it has of the kind.
	clear func(context.Context, *fixtures.Stack) error
}

var sources = map[string]source{
	"postgres": {
		classes: []recovery.Class{recovery.Runs, recovery.Audit, recovery.Agents, recovery.Vectors},
		content: func(ctx context.Context, s *fixtures.Stack) (fixtures.Content, error) { return s.DatabaseContent(ctx) },
		objects: func(ctx context.Context, s *fixtures.Stack) ([]string, error) { return s.DatabaseObjects(ctx) },
	},
	"redis": {
		classes: []recovery.Class{recovery.Memory},
		prepare: func(ctx context.Context, s *fixtures.Stack) error { return s.WriteEachType(ctx) },
		content: func(ctx context.Context, s *fixtures.Stack) (fixtures.Content, error) { return s.MemoryContent(ctx) },
	},
	"config": {
		objects: func(ctx context.Context, s *fixtures.Stack) ([]string, error) { return s.Configuration(ctx) },
		clear:   func(ctx context.Context, s *fixtures.Stack) error { return s.LoseConfiguration(ctx) },
	},
}

// held is what the source held, as far as its kind has it.
type held struct {
	content fixtures.Content
	objects []string
}

func (f source) holds(ctx context.Context, s *fixtures.Stack) (h held, err error) {
	if f.content != nil {
		if h.content, err = f.content(ctx, s); err != nil {
			return h, err
		}
	}
	if f.objects != nil {
		h.objects, err = f.objects(ctx, s)
	}
	return h, err
}

// restoresElsewhere shows what a backup is worth: what was made is restored from the object store, at a site that has
// nothing else, by the script that a disaster would have run.
func restoresElsewhere(kind string) drills.Check {
	from := sources[kind]
	return drills.Check{
		Name: "the new backup, restored from the object store on empty servers, holds what its source held",
		Before: func(ctx context.Context, s drills.Site) (any, error) {
			if from.prepare != nil {
				if err := from.prepare(ctx, s.Stack); err != nil {
					return nil, err
				}
			}
			return from.holds(ctx, s.Stack)
		},
		After: func(ctx context.Context, s drills.Site) (detail string, err error) {
			site, err := s.Stack.EmptySite(ctx)
			if site != nil {
				defer func() { err = errors.Join(err, site.Close()) }() //nolint:contextcheck // it goes, whatever became of the drill
			}
			if err != nil {
				return "", err
			}
			restored, err := from.restore(ctx, s, site, kind)
			if err != nil {
				return "", err
			}
			return from.compare(ctx, s, site, restored)
		},
	}
}

// restore restores the newest backup of the kind that is in the object store, and returns its name.
func (f source) restore(ctx context.Context, s drills.Site, site *fixtures.Stack, kind string) (string, error) {
	stored, err := s.Stack.StoredBackups(ctx)
	if err != nil {
		return "", err
	}
	if f.clear != nil {
		if err := f.clear(ctx, site); err != nil {
			return "", err
		}
	}
	restore := s.Run(ctx, site, drills.Script{Name: "restore-" + kind + ".sh", Args: []string{"latest-verified"}})
	if err := drills.Failed(restore); err != nil {
		return "", err
	}
	restored, newest := restore.Facts["restored_backup"], drills.NewestBackup(stored, "store", kind)
	if restored != newest || newest != s.Facts["backup"] {
		return "", drills.Violated("%q was restored; the newest is %q, and the last that was made %q", restored, newest, s.Facts["backup"])
	}
	return restored, nil
}

// compare holds what was restored against the source: with the ledger, as of when the backup was made, for what clients
// write, and with what was there before the fault and still is for all of it.
func (f source) compare(ctx context.Context, s drills.Site, site *fixtures.Stack, name string) (string, error) {
	before, _ := s.Before.(held)
	now, err := f.holds(ctx, s.Stack)
	if err != nil {
		return "", err
	}
	restored, err := f.holds(ctx, site)
	if err != nil {
		return "", err
	}
	if err := sameObjects(now.objects, restored.objects); err != nil {
		return "", err
	}
	if f.content == nil {
		return fmt.Sprintf("%s: %d files with content, owner and mode", name, len(restored.objects)), nil
	}
	if err := sameContent(before.content, now.content, restored.content); err != nil {
		return "", err
	}
	copied, err := f.asOfBackup(ctx, s, site)
	return fmt.Sprintf("%s: %d rows or keys, and of them %d writes of clients as of when it was made", name, restored.content.Size(), copied), err
}

func sameObjects(source, restored []string) error {
	if gone := drills.Missing(source, restored); len(gone) > 0 {
		return drills.Violated("%d objects of the source were not restored, such as %s", len(gone), gone[0])
	}
	if fresh := drills.Missing(restored, source); len(fresh) > 0 {
		return drills.Violated("%d objects were restored that the source does not have, such as %s", len(fresh), fresh[0])
	}
	return nil
}

// sameContent compares all of it. The backup was made between before and now: what is the same in both was in the
// source all the time. What is in neither was never there, but for rows that the source itself has changed meanwhile.
func sameContent(before, now, restored fixtures.Content) error {
	kept := before.Common(now)
	if kept.Size() == 0 {
		return errors.New("the source holds nothing that was there before the fault")
	}
	lacks := restored.Lacks(kept)
	for _, name := range slices.Sorted(maps.Keys(lacks)) {
		return drills.Violated("%s: %d of %d that the source held were not restored", name, lacks[name], len(kept[name]))
	}
	changed, strange := now.Lacks(before), now.Lacks(restored)
	for _, name := range slices.Sorted(maps.Keys(strange)) {
		if strange[name] > changed[name] {
			return drills.Violated("%s: %d were restored that are not the source's", name, strange[name])
		}
	}
	return nil
}

// asOfBackup holds the restored writes against the ledger. It reads them as clients do, who have to be able to sign in.
func (f source) asOfBackup(ctx context.Context, s drills.Site, site *fixtures.Stack) (int, error) {
	clients, rows := site.Clients(), map[recovery.Class][]recovery.Row{}
	for _, class := range f.classes {
		read, err := clients.Read(ctx, class)
		if fixtures.RefusedByServer(err) {
			return 0, drills.Violated("clients cannot read what was restored: %s", err)
		}
		if err != nil {
			return 0, err
		}
		if is := s.Ledger.Check(class, slices.Values(read), s.Injected); !is.Intact() {
			return 0, drills.Violated("%s as restored: %d phantom, %d mutated, %d duplicated writes", class, is.Phantom, is.Mutated, is.Duplicated)
		}
		rows[class] = read
	}
	is := s.Ledger.CheckCopy(rows, s.Last.From, s.Last.To)
	if is.Lost > 0 {
		return 0, drills.Violated("%d writes were acknowledged before the backup was made, and were not restored", is.Lost)
	}
	if is.Late > 0 {
		return 0, drills.Violated("%d writes were restored that were issued after the backup had ended", is.Late)
	}
	if is.Held == 0 {
		return 0, errors.New("clients have written nothing that a backup could hold")
	}
	return is.Held, nil
}
