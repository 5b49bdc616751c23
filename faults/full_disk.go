package faults

import "context"

// FullBackupDisk leaves no byte on the disk that backups are written to.
type FullBackupDisk struct{}

// Describe implements Fault.
func (FullBackupDisk) Describe() string { return "the backup disk is full" }

// Inject implements Fault. What is written last tells whether the disk is full indeed.
func (FullBackupDisk) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, operator, `
		dd if=/dev/zero of="$BACKUP_DIR/filler" bs=1M 2> /dev/null || true
		dd if=/dev/zero of="$BACKUP_DIR/filler" bs=1 oflag=append conv=notrunc 2>&1 | grep --quiet 'No space left' || exit 0
		echo "filled $BACKUP_DIR with $(stat --format %s "$BACKUP_DIR/filler") bytes"`)
}

// Remove implements Obstacle.
func (FullBackupDisk) Remove(ctx context.Context, t Target) error {
	_, err := t.System.RunOn(ctx, operator, `rm "$BACKUP_DIR/filler"`)
	return err
}
