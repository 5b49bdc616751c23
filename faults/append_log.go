package faults

import "context"

// TearLog cuts the end off the append-only file of a Redis that is down: what was written within its
// last three quarters of a second, and half of the command before. That is what a loss of power leaves
// of a file that is synced once a second.
type TearLog struct{}

// Describe implements Fault.
func (TearLog) Describe() string {
	return "the end of the append-only file is cut off in the middle of a command, as by a loss of power"
}

// Inject implements Fault. The file's time stamps tell how much of it is a second.
func (TearLog) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, operator, onLog(`
		stamps=$(grep --text --byte-offset --only-matching '^#TS:[0-9]*' "$log" | tail -n 2 | cut -d : -f 1 | paste -sd ' ')
		second=$((${stamps#* } - ${stamps% *}))
		target=$((size - second * 3 / 4))
		at=$(grep --text --byte-offset --only-matching --ignore-case $'set\r$' "$log" | awk -F : -v target=$target '$1 <= target { at = $1 } END { print at }')
		truncate --size $((at + 4)) "$log"
		! redis-check-aof ./*.manifest > /dev/null 2>&1 || exit 0
		echo "cut the last $((size - at - 4)) of $size bytes off $log"`))
}

// FlipLog changes one sector in the middle of the append-only file of a Redis that is down.
type FlipLog struct{}

// Describe implements Fault.
func (FlipLog) Describe() string {
	return "512 bytes in the middle of the append-only file are changed"
}

// Inject implements Fault. The file holds no checksums: only damage to its structure is ever noticed,
// which a sector of several commands cannot but have.
func (FlipLog) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, operator, onLog(`
		at=$((size / 2))
		dd if="$log" bs=1 skip=$at count=512 2> /dev/null | tr '\000-\377' '\001-\377\000' > /tmp/sector
		dd if=/tmp/sector of="$log" bs=1 seek=$at conv=notrunc 2> /dev/null
		! redis-check-aof ./*.manifest > /dev/null 2>&1 || exit 0
		echo "changed 512 of $size bytes of $log, from byte $at on"`))
}

// onLog runs a script where Redis keeps its append-only file, with the file in use as $log.
func onLog(script string) string {
	return `$REDIS_HOST_EXEC bash -euo pipefail -s "$REDIS_DATA_DIR" <<'END'
		export LC_ALL=C
		cd "$1/appendonlydir"
		log=$(tail -n 1 ./*.manifest | cut -d ' ' -f 2)
		size=$(stat --format %s "$log")
` + script + "\nEND\n"
}
