package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Cluster is the whole stack, without what is elsewhere: the operator's machine, the object store.
type Cluster interface {
	// DestroyCluster removes all containers, volumes and networks at once and returns what it removed,
	// each with its kind before it.
	DestroyCluster(ctx context.Context) ([]string, error)
}

// LoseCluster takes everything away at once, with the operator's copy of the configuration and the
// backups that are not elsewhere.
type LoseCluster struct{}

// Describe implements Fault.
func (LoseCluster) Describe() string {
	return "every container, volume and network is gone, with the configuration and the backups on the operator's machine"
}

// wipeOperator removes the configuration and all local backups, and prints the paths that were there.
const wipeOperator = `
for path in $CONFIG_PATHS "$BACKUP_DIR"; do
  if [ -e "$path" ]; then
    echo "$path"
    find "$path" -delete
  fi
done`

// Inject implements Fault.
func (LoseCluster) Inject(ctx context.Context, t Target) (string, error) {
	removed, err := t.System.DestroyCluster(ctx)
	if err != nil {
		return "", err
	}
	for _, kind := range []string{"container ", "volume ", "network "} {
		if !slices.ContainsFunc(removed, func(what string) bool { return strings.HasPrefix(what, kind) }) {
			return "", fmt.Errorf("%w: there was no %sto lose", ErrNothingHit, kind)
		}
	}
	paths, err := breakOn(ctx, t.System, operator, wipeOperator)
	if err != nil {
		return "", err
	}
	t.Damage.hitBackup(operator + ":")
	return "removed " + strings.Join(slices.Concat(removed, strings.Fields(paths)), ", "), nil
}
