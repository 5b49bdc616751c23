package faults

import "context"

// LeakMemory is a client that writes keys and never deletes one, until the server refuses to take more.
type LeakMemory struct{ Service string }

// Describe implements Fault.
func (l LeakMemory) Describe() string {
	return "a client leaks keys until " + l.Service + " has reached its maxmemory"
}

// Inject implements Fault. What a client sends counts as used while it is sent, so that small keys
// follow the large ones until one of them is refused as well. A server without a limit, or one that
// evicts, takes them all: nothing is hit.
func (l LeakMemory) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, l.Service, `
		value() { head -c "$1" /dev/zero | tr '\0' x; }
		leaked=0
		while [ $leaked -lt 1000 ]; do
			answer=$(value 262144 | redis-cli -x SET cogitator:cache:leak-$leaked 2>&1)
			[ "$answer" = OK ] || break
			leaked=$((leaked + 1))
		done
		small=$(value 512)
		for key in $(seq 2000); do echo "SET cogitator:cache:small-leak-$key $small"; done | redis-cli > /tmp/leaked 2>&1
		case "$answer $(grep OOM /tmp/leaked | tail -n 1)" in
			*OOM*OOM*) echo "leaked $leaked large and $(grep -c OK /tmp/leaked) small keys, until the server refused more: $answer" ;;
			*) echo "$answer; $(tail -n 3 /tmp/leaked)" >&2; exit 1 ;;
		esac`)
}
