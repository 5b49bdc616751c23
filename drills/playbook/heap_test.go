package playbook_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/reports"
)

// heap is a recovery that recovers, and leaves many a thing crippled at once: each of them has to be named.
type heap struct {
	drill, script string
	damages       []damage
}

// damage is bash that comes at the script's end, and a text that the record must name it with.
type damage struct{ with, named string }

// sql is damage by a statement.
func sql(statement, named string) damage {
	return damage{"psql -qAtc \"" + strings.ReplaceAll(statement, `"`, `\"`) + `"`, named}
}

var heaps = []heap{{
	drill: "postgres-kill", script: "restart-postgres.sh",
	damages: []damage{
		sql("ALTER TABLE audit_logs SET UNLOGGED", "UNLOGGED"),
		sql("ALTER TABLE runs DISABLE TRIGGER ALL", "trigger of constraint runs runs_agent_id_fkey"),
		sql("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER swallow BEFORE UPDATE OR DELETE ON agents FOR EACH ROW EXECUTE FUNCTION swallow()", "trigger public.agents swallow"),
		sql("CREATE RULE swallow AS ON DELETE TO audit_logs DO INSTEAD NOTHING", "rule public.audit_logs swallow"),
		sql("DROP POLICY paying_accounts ON reporting.accounts", "policy reporting.accounts paying_accounts"),
		sql("ALTER ROLE cogitator_app SET synchronous_commit = off", "setting synchronous_commit"),
		sql("ALTER SYSTEM SET fsync = off", "setting in a file: fsync"),
		sql("ALTER SYSTEM SET full_page_writes = off", "setting in a file: full_page_writes"),
		{`psql -qAtc 'ALTER SYSTEM SET wal_level = minimal' -c 'ALTER SYSTEM SET max_wal_senders = 0'`, "setting in a file: wal_level"},
		sql("ALTER SYSTEM SET superuser_reserved_connections = 1", "setting in a file: superuser_reserved_connections"),
		{`psql -qAtc 'ALTER SYSTEM SET autovacuum = off' -c 'ALTER SYSTEM SET ignore_checksum_failure = on' -c 'ALTER SYSTEM SET zero_damaged_pages = on' -c "ALTER SYSTEM SET max_slot_wal_keep_size = '1GB'" -c 'SELECT pg_reload_conf()' > /dev/null`, "setting zero_damaged_pages"},
		{":", "setting autovacuum"}, {":", "setting ignore_checksum_failure"}, {":", "setting max_slot_wal_keep_size"},
		sql("ALTER ROLE cogitator_readonly PASSWORD NULL", "role cogitator_readonly signs in"),
		sql("GRANT cogitator TO cogitator_app", "GRANT cogitator TO cogitator_app"),
		sql("ALTER ROLE cogitator_app CONNECTION LIMIT 60", "CONNECTION LIMIT 60"),
		sql("ALTER SCHEMA public OWNER TO cogitator; REVOKE USAGE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO cogitator_app", "acl SCHEMA public"),
		{":", "schema public"},
		sql("CREATE SCHEMA leftover; CREATE TABLE leftover.runs AS TABLE public.runs; GRANT USAGE ON SCHEMA leftover TO PUBLIC; GRANT ALL ON leftover.runs TO PUBLIC", "row leftover.runs was not there before"),
		{`sig() { touch "$1/standby.signal"; chown postgres "$1/standby.signal"; }; on_host "${POSTGRES_HOST_EXEC-}" sig "$POSTGRES_DATA_DIR" < /dev/null`, "file in the data directory: standby.signal"},
		{":", "after a restart of the stores everything is still there: does not hold"},
		sql("INSERT INTO step_effects SELECT id, 1, 1, 'nobody' FROM runs", "row public.step_effects"),
		sql("UPDATE runs SET updated_at = '1999-01-01', steps = 9 WHERE id = 'runs-00000005'", "row public.runs runs-00000005 was another one"),
		sql("UPDATE memory_vectors SET content = content WHERE id = 'vectors-00000007'", "row public.memory_vectors vectors-00000007 was left alone, is written again"),
		sql("DELETE FROM reporting.usage_2026_02 WHERE account_id = 3", "row reporting.usage_2026_02 3 2026-02-01 is gone"),
		sql("SELECT setval('reporting.accounts_id_seq', 1)", "sequence reporting.accounts_id_seq"),
		sql("ALTER DATABASE cogitator SET session_replication_role = replica", "session_replication_role"),
	},
}, {
	drill: "redis-kill", script: "restart-redis.sh",
	damages: []damage{
		{"redis CONFIG SET maxmemory 200mb", "setting maxmemory was 0"},
		{"redis CONFIG SET maxmemory-policy allkeys-lru", "setting maxmemory-policy"},
		{"redis CONFIG SET maxclients 400", "setting maxclients"},
		{"redis CONFIG SET save ''", "setting save"},
		{"redis CONFIG SET no-appendfsync-on-rewrite yes", "setting no-appendfsync-on-rewrite"},
		{"redis EXPIRE cogitator:memory:memory-00000003 3600", "key cogitator:memory:memory-00000003 was not there before (string, expires)"},
		{"redis SET forgotten 1", "key forgotten"},
		{"redis ACL SETUSER intruder on nopass '~*' +@all", "access rule user intruder"},
	},
}, {
	drill: "sandbox-stuck", script: "reset-sandboxes.sh",
	damages: []damage{
		{`for box in $(list_sandboxes); do docker update --memory 8g --memory-swap 8g --pids-limit 500 --restart always "$box" > /dev/null; done`, "sandboxes: host Memory"},
		{":", "sandboxes: host PidsLimit"}, {":", "sandboxes: host RestartPolicy.Name"},
	},
}}

// rehearsed is the drill's record with all the damages, and its reasons and proofs as one text.
func (h heap) rehearsed(ctx context.Context) (result reports.Drill, said string) {
	var all []string
	for _, d := range h.damages {
		all = append(all, d.with)
	}
	one := harm{drill: h.drill, script: h.script, damage: strings.Join(all, "\n")}
	result = rehearse(ctx, drills.Plan{Drills: []drills.Drill{find(h.drill)}, Scripts: one.scripts()}).Drills[0]
	texts := slices.Clone(result.Reasons)
	for _, p := range result.Proofs {
		texts = append(texts, p.Detail)
	}
	return result, strings.Join(texts, "\n")
}

// overlooked says which damages the record does not name; nil when it names all of them.
func (h heap) overlooked(ctx context.Context) error {
	result, said := h.rehearsed(ctx)
	if result.Verdict != reports.Missed {
		return fmt.Errorf("%s is %s with a heap of damages: %v", h.drill, result.Verdict, result.Reasons)
	}
	var left []string
	for _, d := range h.damages {
		if !strings.Contains(said, d.named) {
			left = append(left, d.named)
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%s names everything but %q: %s", h.drill, left, said)
	}
	return nil
}

// A recovery can cripple what nobody has listed. Whatever it leaves otherwise than it was is named.
var _ = Describe("A recovery that cripples the system", Label("sabotage"), func() {
	for _, h := range heaps {
		It("has each of its damages named: "+h.drill, func(ctx context.Context) {
			Expect(h.overlooked(ctx)).To(Succeed())
		}, SpecTimeout(10*time.Minute))
	}
})
