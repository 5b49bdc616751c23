package playbook_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/fixtures/workload"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/recovery/scripts"
	"github.com/cogitator-ai/drdrill/reports"
)

// harm is a recovery script that recovers, and does some damage beside it.
type harm struct {
	name   string
	drill  string
	script string
	before bool   // the damage comes before the recovery, not after it
	damage string // bash
	reason string // what the verdict must name; of the archive's rows the probe may find it before a proof does
}

var harms = []harm{
	{name: "throws away data that the drill's probe does not watch", drill: "sandbox-stuck", script: "reset-sandboxes.sh",
		damage: "psql -qAtc 'DELETE FROM memory_vectors'; redis FLUSHALL", reason: "acknowledged writes lost"},
	{name: "lets clients write into a store that it then replaces", drill: "redis-volume-loss", script: "restore-redis.sh", before: true,
		damage: "has_writes() { (($(redis DBSIZE 2> /dev/null || echo 0) > 50)); }; service start redis; wait_until 60 has_writes", reason: "issued after recovery had begun"},
	{name: "forgets the fence of the old primary", drill: "redis-replica-promote", script: "promote-redis.sh",
		damage: "unfence() { sed -i /^replicaof/d \"$1\"; }; on_host \"$REDIS_HOST_EXEC\" unfence \"$REDIS_CONFIG\" < /dev/null", reason: "took a write after it was killed"},
	{name: "fences the old primary only when it rebuilds it", drill: "redis-replica-promote", script: "promote-redis.sh", before: true,
		damage: `eval "really_$(declare -f on_host)"
on_host() {
  case $2 in
    make_replica) late=("$@"); return ;;
    keep_old_data) really_on_host "${late[@]}" < /dev/null ;;
  esac
  really_on_host "$@"
}`, reason: "when its replica was promoted it was not fenced"},
	{name: "takes the lost primary's host for dead though it is not", drill: "redis-replica-promote", script: "promote-redis.sh", before: true,
		damage: "OLD_PRIMARY_IS_FENCED=yes", reason: "it was not fenced"},
	{name: "promotes a replica that lacks the newest writes", drill: "redis-replica-promote", script: "promote-redis.sh", before: true,
		damage: "replica() { redis-cli -h \"$REDIS_REPLICA_HOST\" \"$@\"; }; replica REPLICAOF NO ONE; replica EVAL \"local k = redis.call('KEYS', 'cogitator:memory:*'); table.sort(k); for i = #k - 99, #k do redis.call('DEL', k[i]) end\" 0",
		reason: "ledger and store disagree"},
	{name: "lets workers go on with the queue as it was set back", drill: "redis-volume-loss", script: "reconcile-queue.sh", before: true,
		damage: "wait_until 30 api POST /admin/queue/resume; exit 0", reason: "went to a worker again"},
	{name: "brings finished runs back to be done again", drill: "redis-volume-loss", script: "reconcile-queue.sh", before: true,
		damage: "psql -qAtc \"UPDATE runs SET status = 'queued' WHERE status = 'completed'\"", reason: "begun or changed again"},
	{name: "makes room by evicting keys", drill: "redis-memory-full", script: "raise-redis-memory.sh", before: true,
		damage: "redis CONFIG SET maxmemory-policy allkeys-lru; redis CONFIG SET maxmemory $(($(redis_info memory used_memory) - 65536)); redis CONFIG SET maxmemory-policy noeviction; redis CONFIG SET maxmemory 16mb",
		reason: "keys were evicted"},
	{name: "raises the limit until the next restart alone", drill: "redis-memory-full", script: "raise-redis-memory.sh", before: true,
		damage: "redis CONFIG SET maxmemory 64mb; exit 0", reason: "after a restart the limit is 16777216"},
	{name: "restarts a worker that would have reconnected", drill: "redis-partition", script: "restart-worker.sh", before: true,
		damage: "service restart worker-1", reason: "not the process that it was: worker-1"},
	{name: "takes lost nodes for dead though they are not", drill: "redis-cluster-failover", script: "takeover-redis-cluster.sh", before: true,
		damage: `FENCED_CLUSTER_NODES=$REDIS_CLUSTER_NODES`, reason: "there is no replica"},
	{name: "takes a node out of the cluster", drill: "redis-cluster-failover", script: "takeover-redis-cluster.sh",
		damage: "node \"${LOST[0]}\" CLUSTER RESET HARD", reason: "no replica"},
	{name: "brings the server back without durability", drill: "postgres-kill", script: "restart-postgres.sh",
		damage: "psql -qAtc 'ALTER SYSTEM SET fsync = off'; psql -qAtc 'SELECT pg_reload_conf()'", reason: "fsync=off"},
	{name: "drops an index", drill: "postgres-kill", script: "restart-postgres.sh",
		damage: "psql -qAtc 'DROP INDEX audit_logs_created_idx'", reason: "audit_logs_created_idx"},
	{name: "rewrites the times of audit logs", drill: "postgres-kill", script: "restart-postgres.sh",
		damage: "psql -qAtc \"UPDATE audit_logs SET created_at = '2000-01-01' WHERE id = (" + unwatched("audit_logs", recovery.Audit) + ")\"", reason: "1 mutated"},
	{name: "throws away completed steps", drill: "worker-kill", script: "restart-worker.sh", before: true,
		damage: "psql -qAtc 'DELETE FROM run_steps'", reason: "gone or changed"},
	{name: "brings a run that kills its workers back for ever", drill: "worker-poison-run", script: "restart-worker.sh",
		damage: "for id in $failed; do redis ZREM bull:cogitator-jobs:failed \"$id\"; psql -qAtc \"UPDATE runs SET status = 'queued' WHERE id = '$id'\"; done",
		reason: "is in the queue's sets []"},
	{name: "names another cause than the engine's", drill: "worker-oom", script: "restart-worker.sh", before: true,
		damage: "ended_by() { echo exit-code; }", reason: "ended by oom-kill; the procedure names"},
	{name: "wakes the worker that hangs instead of replacing it", drill: "worker-freeze", script: "replace-worker.sh", before: true,
		damage: "for worker in $WORKER_SERVICES; do worker_is_up \"$worker\" || service start \"$worker\"; done; exit 0",
		reason: "no worker is frozen any more"},
	{name: "rewrites good rows beside the damaged ones", drill: "corrupt-json", script: "repair-json.sh",
		damage: "psql -qAtc \"UPDATE runs SET updated_at = now() WHERE NOT starts_with(id, 'archive-')\"", reason: "good rows were rewritten"},
	{name: "restores one row with another row's embedding", drill: "wrong-vector-dimensions", script: "repair-vectors.sh",
		damage: "psql -qAtc \"UPDATE memory_vectors SET embedding = (SELECT embedding FROM memory_vectors WHERE id = 'vectors-00000001') WHERE id = (" + unwatched("memory_vectors", recovery.Vectors) + ")\"",
		reason: "1 mutated"},
	{name: "changes one row that nobody writes to", drill: "postgres-kill", script: "restart-postgres.sh",
		damage: "psql -qAtc \"UPDATE audit_logs SET action = 'run.failed' WHERE id = 'archive-audit-00000007'\"", reason: "archive"},
	{name: "leaves one kind of contradiction alone", drill: "inconsistent-agent-state", script: "repair-agent-state.sh", before: true,
		damage: "psql -qAtc \"UPDATE runs SET status = 'corrupted' WHERE status = 'running' AND worker IS NULL AND id LIKE 'archive-%'\"", reason: "archive-runs-"},
	{name: "deletes orphans though the backup has their agent", drill: "inconsistent-agent-state", script: "repair-agent-state.sh", before: true,
		damage: "psql -qAtc \"DELETE FROM memory_vectors v WHERE id LIKE 'archive-%' AND NOT EXISTS (SELECT FROM agents a WHERE a.id = v.agent_id)\"", reason: "archive"},
	{name: "makes up when a run ended", drill: "inconsistent-agent-state", script: "repair-agent-state.sh", before: true,
		damage: "psql -qAtc 'UPDATE runs SET updated_at = now() WHERE updated_at < created_at'", reason: "rows are gone or not what they were, such as runs runs-"},
	{name: "writes good rows again beside the damaged ones", drill: "inconsistent-agent-state", script: "repair-agent-state.sh",
		damage: "psql -qAtc 'UPDATE agents SET updated_at = updated_at'", reason: "good rows were written again, such as agents archive-agents-"},
	{name: "leaves a foreign key that nothing looks after", drill: "inconsistent-agent-state", script: "repair-agent-state.sh",
		damage: "psql -qAtc 'ALTER TABLE runs DISABLE TRIGGER ALL'", reason: "every foreign key is validated and enforced: does not hold"},
	{name: "throws its evidence away", drill: "inconsistent-agent-state", script: "repair-agent-state.sh",
		damage: "psql -qAtc \"DROP SCHEMA $SIDE CASCADE\"", reason: "there is no such table: cogitator_repair_state.evidence"},
	{name: "drops the index that it was to rebuild", drill: "vector-index-corrupt", script: "rebuild-vector-index.sh",
		damage: "psql -qAtc 'DROP INDEX memory_vectors_embedding_idx'", reason: "use no index over the vectors"},
	{name: "builds an index that finds little", drill: "vector-index-corrupt", script: "rebuild-vector-index.sh",
		damage: "psql -qAtc 'DROP INDEX memory_vectors_embedding_idx' -c 'CREATE INDEX memory_vectors_embedding_idx ON memory_vectors USING hnsw (embedding vector_l2_ops) WITH (m = 8, ef_construction = 32)'", reason: "use no index over the vectors"},
	{name: "keeps writers waiting", drill: "vector-index-corrupt", script: "rebuild-vector-index.sh",
		damage: "psql -qAtc 'REINDEX INDEX memory_vectors_embedding_idx'", reason: "a writer waited"},
	{name: "takes a damaged log for one that ends earlier", drill: "postgres-volume-loss-pitr", script: "restore-postgres-pitr.sh", before: true,
		damage: `spoil() { local log; log=$(ls "$1"/*.partial | tail -n 1); printf 'x' | dd of="$log" bs=1 seek=$((8 << 20)) conv=notrunc status=none; }; on_host "$WAL_HOST_EXEC" spoil "$WAL_DIR" < /dev/null`,
		reason: `step "check the streamed log" ended with exit code 70`},
	{name: "leaves out the newest segment of the log", drill: "postgres-volume-loss-pitr", script: "restore-postgres-pitr.sh", before: true,
		damage: `forget() { rm "$(ls "$1"/*.partial | tail -n 1)"; }; on_host "$WAL_HOST_EXEC" forget "$WAL_DIR" < /dev/null`,
		reason: "acknowledged writes of"},
	{name: "has commits wait for nobody", drill: "postgres-volume-loss-pitr", script: "restore-postgres-pitr.sh",
		damage: `sql <<< "ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf()"`,
		reason: "a commit was acknowledged while the receiver stood still"},
	{name: "rewinds the whole server", drill: "postgres-operator-error", script: "restore-postgres-tables.sh", before: true,
		damage: `exec "$(dirname "$0")/restore-postgres-pitr.sh" latest-verified "time=$(date --utc --date '1 second ago' +%FT%T.%NZ)"`,
		reason: "acknowledged writes lost"},
	{name: "mixes what it brings back with what was written since", drill: "postgres-operator-error", script: "restore-postgres-tables.sh",
		damage: "psql -qAtc 'UPDATE audit_logs SET id = id'",
		reason: "came back from the past"},
	{name: "leaves out a row", drill: "postgres-operator-error", script: "restore-postgres-tables.sh",
		damage: `psql -qAtc "DELETE FROM audit_logs WHERE id = (` + unwatched("audit_logs", recovery.Audit) + `)"`,
		reason: "1 acknowledged writes"},
	{name: "restores without having looked what is damaged", drill: "postgres-page-corruption", script: "repair-postgres-pages.sh", before: true,
		damage: `fact damaged_pages 2; exec "$(dirname "$0")/restore-postgres-pitr.sh"`,
		reason: "no step has named the blocks"},
	{name: "names other pages than those that are damaged", drill: "postgres-page-corruption", script: "repair-postgres-pages.sh", before: true,
		damage: `check_pages() { echo 'checksum verification failed in file "/data/base/5/1259", block 0'; }; step "check all pages" 60; check_pages; fact damaged_pages 1; exec "$(dirname "$0")/restore-postgres-pitr.sh"`,
		reason: "no step has named the blocks"},
	{name: "has nobody see damaged pages again", drill: "postgres-page-corruption", script: "repair-postgres-pages.sh", before: true,
		damage: `"$(dirname "$0")/restore-postgres-pitr.sh"; service stop "$POSTGRES_SERVICE"; on_host "$POSTGRES_HOST_EXEC" pg_checksums --disable --pgdata "$POSTGRES_DATA_DIR" < /dev/null; service start "$POSTGRES_SERVICE"; wait_until 60 accepts_writes; exit 0`,
		reason: "the server's pages have no checksums"},
	{name: "promotes without keeping the old primary from writing", drill: "postgres-standby-promote", script: "promote-postgres.sh", before: true,
		damage: "eval \"as_it_was_$(declare -f on_host)\"; on_host() { [[ $2 == keep_from_writing ]] || as_it_was_on_host \"$@\"; }",
		reason: "started again after the promotion, it took"},
	{name: "takes the lost primary's host for dead though it is not", drill: "postgres-standby-promote", script: "promote-postgres.sh", before: true,
		damage: "OLD_PRIMARY_IS_FENCED=yes", reason: "started again after the promotion, it took"},
	{name: "lets commits go on without a standby", drill: "postgres-standby-promote", script: "promote-postgres.sh",
		damage: "standby sql <<< \"ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();\"", reason: "a commit was acknowledged while"},
	{name: "leaves a standby that stores the log and does not replay it", drill: "postgres-standby-promote", script: "promote-postgres.sh",
		damage: "sql <<< \"ALTER SYSTEM SET recovery_min_apply_delay = '10min'; SELECT pg_reload_conf();\"", reason: "does not replay"},
	{name: "keeps the room that the ballast lent", drill: "postgres-disk-full", script: "make-postgres-room.sh",
		damage: "on_postgres lend_ballast \"$POSTGRES_BALLAST\" \"$ballast\"", reason: "the ballast has 0 MiB"},
	{name: "leaves slots without a limit", drill: "postgres-disk-full", script: "make-postgres-room.sh",
		damage: "sql <<< 'ALTER SYSTEM RESET max_slot_wal_keep_size; SELECT pg_reload_conf();'", reason: "the server does not stand it"},
	{name: "states a number of sessions that it made up", drill: "postgres-connections-exhausted", script: "free-postgres-connections.sh", before: true,
		damage: "fact() { if [[ $1 == sessions || $1 == slots ]]; then echo \"fact $1 999\"; else echo \"fact $1 $2\"; fi; }", reason: "the procedure states \"999\" slots"},
	{name: "diagnoses when there is room again", drill: "postgres-connections-exhausted", script: "free-postgres-connections.sh",
		damage: "fact sessions \"$(sql --command \"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'\")\"", reason: "the diagnosis states"},
	{name: "ends the session that is at work too", drill: "postgres-connections-exhausted", script: "free-postgres-connections.sh",
		damage: "sql --command \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'\"", reason: "were in nobody's way"},
	{name: "lets the role that leaked come back", drill: "postgres-connections-exhausted", script: "free-postgres-connections.sh",
		damage: "sql --command \"ALTER ROLE $role CONNECTION LIMIT -1\"", reason: "slots until it was refused"},
	{name: "ends the migration instead of whom it waits for", drill: "postgres-lock-pileup", script: "end-postgres-blocker.sh", before: true,
		damage: "sql --command \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE agents%'\"", reason: "were in nobody's way"},
	{name: "changes a secret of the configuration", drill: "cluster-loss", script: "restore-config.sh",
		damage: "echo QUEUE_NAME=other >> /opt/cogitator/.env", reason: "gone or changed: "},
	{name: "lets commits go on without the receiver", drill: "cluster-loss", script: "verify-recovery.sh",
		damage: "psql -qAtc \"ALTER SYSTEM SET synchronous_standby_names = ''\" -c 'SELECT pg_reload_conf()'", reason: "a commit was acknowledged while"},
	{name: "dumps no rows of one table", drill: "backup-postgres", script: "backup-postgres.sh", before: true,
		damage: wrapDump, reason: "public.audit_logs: 0 rows of"},
	{name: "dumps no rows of one table, and writes down that there were none", drill: "backup-postgres", script: "backup-postgres.sh", before: true,
		damage: wrapDump + `
eval "really_$(declare -f publish_backup)"
publish_backup() { really_publish_backup "$1" "$(jq '.rows["public.audit_logs"] = 0' <<< "$2")"; }`, reason: "that the source held were not restored"},
	{name: "dumps the roles without their passwords", drill: "backup-postgres", script: "backup-postgres.sh", before: true,
		damage: `pg_dumpall() { command pg_dumpall --no-role-passwords "$@"; }`, reason: "clients cannot read what was restored"},
	{name: "publishes its first snapshot again and again", drill: "backup-redis", script: "backup-redis.sh", before: true,
		damage: `first() { [[ -s /tmp/first.rdb ]] || servicectl host-exec redis "$@" > /tmp/first.rdb; cat /tmp/first.rdb; }
REDIS_HOST_EXEC=first
redis-check-rdb() { command redis-check-rdb "$@" | sed "s/ctime = '[0-9]*'/ctime = '9999999999'/"; }`, reason: "that the source held were not restored"},
	{name: "encrypts the configuration for a key that nobody has", drill: "backup-config", script: "backup-config.sh", before: true,
		damage: `BACKUP_KEY_FILE=$(mktemp --dry-run); age-keygen --output "$BACKUP_KEY_FILE" 2> /dev/null`, reason: "no backup of config in"},
	{name: "archives the configuration for everybody to read", drill: "backup-config", script: "backup-config.sh", before: true,
		damage: `tar() {
  case $1 in
    --create) command tar --mode 0644 "$@" ;;
    --compare) cat > /dev/null ;;
    *) command tar "$@" ;;
  esac
}`, reason: "were not restored, such as"},
	{name: "deletes all backups but the one that it has restored", drill: "postgres-volume-loss-dump", script: "restore-postgres.sh",
		damage: `find "$BACKUP_DIR/postgres" -mindepth 1 -maxdepth 1 ! -name "${CHOSEN##*/}" -exec rm -r {} +`, reason: "is gone"},
	{name: "deletes the backups that are in the object store", drill: "postgres-volume-loss-dump", script: "restore-postgres.sh",
		damage: `for key in "$BACKUP_DIR"/postgres/*/*; do store_delete "${key#"$BACKUP_DIR"/}"; done`, reason: "is gone"},
	{name: "keeps everybody else from backing up", drill: "postgres-volume-loss-dump", script: "restore-postgres.sh",
		damage: `setsid flock "$BACKUP_DIR/postgres/.lock" sleep 600 > /dev/null 2>&1 < /dev/null &
is_locked() { ! flock --nonblock "$BACKUP_DIR/postgres/.lock" true; }
wait_until 10 is_locked`, reason: "another backup of postgres is running"},
	{name: "lets everybody read the backups", drill: "redis-volume-loss", script: "restore-redis.sh",
		damage: `chmod -R a+rX "$BACKUP_DIR"`, reason: "has the mode 644"},
	{name: "has the object store give the backups to everybody", drill: "redis-backup-corrupt", script: "restore-redis.sh",
		damage: `bucket=${OBJECT_STORE_URL#s3://}
aws s3api put-bucket-policy --bucket "$bucket" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::$bucket/*\"}]}"`, reason: "to everybody"},
	{name: "limits the log that is kept for the receiver", drill: "postgres-volume-loss-pitr", script: "restore-postgres-pitr.sh",
		damage: `sql <<< "ALTER SYSTEM SET max_slot_wal_keep_size = '64MB'; SELECT pg_reload_conf()"`, reason: "does not keep all of the log"},
	{name: "makes another key for the backups to come", drill: "cluster-loss", script: "restore-config.sh",
		damage: `rm "$BACKUP_KEY_FILE"; age-keygen --output "$BACKUP_KEY_FILE" 2> /dev/null`, reason: "decrypt it: "},

	// What a proof rests on lies where the recovery does not reach.
	{name: "wipes the record of what workers did", drill: "worker-kill", script: "restart-worker.sh",
		damage: "psql -qAtc 'TRUNCATE step_effects'", reason: "there is no row of"},
	{name: "records a step that nobody did", drill: "worker-kill", script: "restart-worker.sh",
		damage: "psql -qAtc \"INSERT INTO step_effects SELECT id, 9, 1, 'worker-1' FROM runs WHERE status = 'completed' LIMIT 1\"", reason: "no worker did"},
	{name: "has steps done twice and wipes their traces", drill: "worker-kill", script: "restart-worker.sh",
		damage: `at_work() { run=$(sql --command "SELECT id FROM runs JOIN run_steps s ON s.run_id = id WHERE status = 'running' AND runs.worker = 'worker-1' GROUP BY id HAVING count(*) = 1 LIMIT 1") && [[ -n $run ]]; }
wait_until 30 at_work
docker kill "$(docker ps --quiet --filter name=worker-1)" > /dev/null
sql --command "DELETE FROM run_steps WHERE run_id = '$run'" --command "DELETE FROM step_effects WHERE run_id = '$run'"
start_dead; sleep 1; began=$(sql --command 'SELECT now()'); wait_until 60 none_left_behind "$began"`,
		reason: "steps were done twice"},
	{name: "lets workers do jobs again and forgets all that are completed", drill: "redis-volume-loss", script: "reconcile-queue.sh", before: true,
		damage: "wait_until 30 api POST /admin/queue/resume; sleep 2; trap 'redis DEL bull:cogitator-jobs:completed' EXIT", reason: "went to a worker again"},
	{name: "deletes the jobs that are completed", drill: "worker-kill", script: "restart-worker.sh",
		damage: `for id in $(redis --raw ZRANGE "$(queue_key completed)" 0 -1); do redis ZREM "$(queue_key completed)" "$id"; redis DEL "$(queue_key "$id")"; done`,
		reason: "was completed, and is gone"},
	{name: "queues a job that nobody submitted", drill: "worker-kill", script: "restart-worker.sh",
		damage: `redis HSET "$(queue_key made-up)" name run data '{}' opts '{}' timestamp 1 delay 0 priority 0; redis RPUSH "$(queue_key wait)" made-up`,
		reason: "nobody submitted its run"},
	{name: "has every job expire", drill: "worker-kill", script: "restart-worker.sh",
		damage: `for id in $(redis --raw ZRANGE "$(queue_key completed)" 0 -1); do redis EXPIRE "$(queue_key "$id")" 3600; done`, reason: "expires in"},
	{name: "publishes another plugin that is right", drill: "wasm-cache-corrupt", script: "clear-plugin-cache.sh", before: true,
		damage: publishPlugin("aws s3 cp --only-show-errors \"$PLUGIN_STORE_URL/plugins/sum.wasm\" .; printf '\\0\\2\\1x' >> sum.wasm"), reason: "is not what was published"},
	{name: "publishes a plugin that counts with 32 bits", drill: "wasm-cache-corrupt", script: "clear-plugin-cache.sh", before: true,
		damage: publishPlugin("base64 --decode <<< '" + shortPlugin + "' > sum.wasm"), reason: "the plugin says that"},
	{name: "puts another plugin on the workers' disks", drill: "wasm-runtime-broken", script: "reinstall-extism.sh",
		damage: `spoil() { cd "$1"; printf '\0\2\1x' >> sum.wasm; sha256sum sum.wasm > sum.wasm.sha256; }
for worker in "${workers[@]}"; do on_host "$WORKER_HOST_EXEC $worker" spoil "$PLUGIN_CACHE_DIR" < /dev/null; done`,
		reason: "of worker-1 is not what was published"},
	{name: "makes the pool of another image and puts the tag back", drill: "sandbox-image-removed", script: "pull-sandbox-image.sh",
		damage: `( cd "$(mktemp -d)"; docker save "$SANDBOX_IMAGE" | tar --extract
  config=$(jq --raw-output '.[0].Config' manifest.json)
  jq --compact-output '.config.Env += ["OTHER=1"]' "$config" > other; name=$(sha256sum other | cut -d ' ' -f 1).json; mv other "$name"
  jq --compact-output --arg config "$name" '.[0].Config = $config' manifest.json > new; mv new manifest.json
  tar --create * | docker load )
other=$(image_id "$SANDBOX_IMAGE"); [[ $other != "$(image_id "$pinned")" ]]
wait_until 30 no_sandbox_but "$other"; verify_pool; docker tag "$pinned" "$SANDBOX_IMAGE"`,
		reason: "and not all of"},
	{name: "changes what is in a sandbox", drill: "sandbox-image-removed", script: "pull-sandbox-image.sh",
		damage: "docker exec \"$(list_sandboxes | head -n 1)\" sh -c 'echo alias ls=rm > ~/.bashrc'", reason: "files were changed in sandboxes"},
}

// shortPlugin is the plugin sum, whose sums wrap at 2^31.
const shortPlugin = "AGFzbQEAAAABDwNgAX4BfmACfn4AYAABfwJzBA9leHRpc206aG9zdC9lbnYOaW5wdXRfbG9hZF91NjQAAA9leHRpc206aG9zdC9lbnYFYWxsb2MAAA9leHRpc206aG9zdC9lbnYJ" +
	"c3RvcmVfdTY0AAEPZXh0aXNtOmhvc3QvZW52Cm91dHB1dF9zZXQAAQMCAQIFAwEAAQcQAgZtZW1vcnkCAANhZGQABAojASEBAX5CCBABIQAgAEIAEABCCBAAfKesEAIgAEIIEANBAAs="

// publishPlugin is bash that puts the plugin that the command makes into the object store, with a checksum that is right.
func publishPlugin(command string) string {
	return `( cd "$(mktemp -d)"; ` + command + `; sha256sum sum.wasm > sum.wasm.sha256
for file in *; do aws s3 cp --only-show-errors "$file" "$PLUGIN_STORE_URL/plugins/$file"; done )`
}

// wrapDump has pg_dump leave out the rows of a table, wherever it is called from.
const wrapDump = `mkdir -p /tmp/wrapped
printf '#!/bin/sh\nexec %s --exclude-table-data audit_logs "$@"\n' "$(command -v pg_dump)" > /tmp/wrapped/pg_dump
chmod +x /tmp/wrapped/pg_dump
PATH=/tmp/wrapped:$PATH`

// unwatched is the SQL of a row that no probe reads: probes draw theirs among the seeds. Damage to
// one of those would keep the service from ever being restored, and would not be read back.
func unwatched(table string, class recovery.Class) string {
	return "SELECT min(id) FROM " + table + " WHERE id >= '" + workload.ID(class, workload.Seeds) + "'"
}

const sourceLibrary = ". \"$(dirname \"$0\")/lib.sh\"\n"

// scripts are the shipped one of that name, with the damage in it.
func (h harm) scripts() fs.FS {
	GinkgoHelper()
	shipped, err := fs.ReadFile(scripts.Files, h.script)
	Expect(err).NotTo(HaveOccurred())
	text := string(shipped)
	if h.before {
		Expect(text).To(ContainSubstring(sourceLibrary))
		text = strings.Replace(text, sourceLibrary, sourceLibrary+"step 'do damage'\n"+h.damage+"\n", 1)
	} else {
		text += "\nstep 'do damage'\n" + h.damage + "\n"
	}
	return fstest.MapFS{h.script: {Data: []byte(text), Mode: 0o755}}
}

// rehearsed is the drill; one that does not run the script, since it needs none, runs it here.
func (h harm) rehearsed() drills.Drill {
	drill := find(h.drill)
	if !slices.ContainsFunc(drill.Scripts, func(s drills.Script) bool { return s.Name == h.script }) {
		drill.Scripts = append(drill.Scripts, drills.Script{Name: h.script})
	}
	return drill
}

// goesUnnoticed says why the damage was not noticed, or not named; nil when it was. A drill that a busy machine spoilt
// gets a second chance to name it; one that is met does not.
func (h harm) goesUnnoticed(ctx context.Context) error {
	run := func() (spoilt bool, err error) {
		result := rehearse(ctx, drills.Plan{Drills: []drills.Drill{h.rehearsed()}, Scripts: h.scripts()}).Drills[0]
		if result.Verdict == reports.Met {
			return false, fmt.Errorf("%s is met", h)
		}
		if slices.ContainsFunc(result.Reasons, func(reason string) bool { return strings.Contains(reason, h.reason) }) {
			return false, nil
		}
		return true, fmt.Errorf("%s: nothing names %q: %v", h, h.reason, result.Reasons)
	}
	spoilt, err := run()
	if spoilt {
		noteOnceMore(err.Error())
		_, err = run()
	}
	return err
}

func (h harm) String() string { return h.drill + ", with a recovery that " + h.name }

// A recovery that works and does damage beside it must not be met, and the damage must be named. The first of each scenario
// stands for the others where there is no time for all.
var _ = Describe("A recovery that does damage is never met:", Label("sabotage"), func() {
	seen := map[string]bool{}
	for _, h := range harms {
		labels, scenario := Label(), find(h.drill).Scenario
		if seen[scenario] {
			labels = Label("exhaustive")
		}
		seen[scenario] = true
		It(h.String(), labels, func(ctx context.Context) {
			Expect(h.goesUnnoticed(ctx)).To(Succeed())
		}, SpecTimeout(10*time.Minute))
	}
})
