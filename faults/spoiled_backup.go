package faults

import (
	"context"
	"fmt"
)

// SpoiledBackup damages the newest backup of a kind on the backup disk and in the object store, as a
// bad disk does: no checksum is made anew. The seed draws whether it is cut, emptied or has a byte flipped.
type SpoiledBackup struct {
	Kind   string // such as postgres
	Object string // the file of the backup that is damaged
}

// Describe implements Fault.
func (b SpoiledBackup) Describe() string {
	return "the newest backup of " + b.Kind + " is cut, emptied or has a byte flipped"
}

// damages are shell commands that damage $file, which has $size bytes, at the byte $at.
var damages = []struct{ name, command string }{
	{"cut", `truncate --size "$at" "$file"`},
	{"emptied", `truncate --size 0 "$file"`},
	{"flipped a byte of", `byte=$(tail --bytes=+$((at + 1)) "$file" | head --bytes=1 | od -An -tu1)
		printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none`},
}

// Inject implements Fault.
func (b SpoiledBackup) Inject(ctx context.Context, t Target) (string, error) {
	damage, where := damages[t.Rand.IntN(len(damages))], 1+t.Rand.IntN(98)
	for _, place := range []struct{ service, folder string }{{operator, `"$BACKUP_DIR"`}, {"store", "/data/cogitator-backups"}} {
		file, err := breakOn(ctx, t.System, place.service, fmt.Sprintf(`
			cd %s/%s
			file=$(ls -d %[2]s-*Z | sort | tail -n 1)/%s
			size=$(stat --format %%s "$file")
			before=$(sha256sum < "$file")
			at=$((size * %d / 100))
			%s
			[ "$before" = "$(sha256sum < "$file")" ] || echo "$file"`, place.folder, b.Kind, b.Object, where, damage.command))
		if err != nil {
			return "", err
		}
		t.Damage.hitBackup(place.service + ":" + b.Kind + "/" + file)
	}
	return fmt.Sprintf("%s %s of the newest backup of %s, at %d %% of its length, on the disk and in the object store", damage.name, b.Object, b.Kind, where), nil
}
