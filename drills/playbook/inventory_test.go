package playbook_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/inventory"
)

// tampering is a way to change one thing of a kind behind everybody's back.
type tampering struct {
	of    string // a regular expression over things of the kind; its groups are named in the statement
	but   string // a regular expression over things that this way cannot change; empty for none
	with  string // the statement; at its beginning "redis " or "sh ", or else it is SQL
	shows string // a regular expression over the thing that then differs; empty where it is the one that was drawn
}

// tamperings change every kind of thing that an inventory has. What destroys most comes last.
var tamperings = []tampering{
	{of: `postgres: cogitator: acl (\S+)\.TABLE (\S+)`, with: `GRANT ALL ON $1.$2 TO PUBLIC`},
	{of: `postgres: cogitator: acl SCHEMA (\S+)`, with: `GRANT CREATE ON SCHEMA $1 TO PUBLIC`},
	{of: `postgres: cogitator: acl (\S+)\.COLUMN (\S+)\.(\S+)`, with: `REVOKE UPDATE ($3) ON $1.$2 FROM cogitator_reports`},
	{of: `postgres: cogitator: comment (EXTENSION|SCHEMA) (\S+)`, with: `COMMENT ON $1 $2 IS 'another one'`},
	{of: `postgres: cogitator: comment (\S+)\.COLUMN (\S+)`, with: `COMMENT ON COLUMN $1.$2 IS NULL`},
	{of: `postgres: cogitator: default acl (\S+)\.DEFAULT PRIVILEGES FOR TABLES`, with: `ALTER DEFAULT PRIVILEGES IN SCHEMA $1 GRANT DELETE ON TABLES TO PUBLIC`},
	{of: `postgres: cogitator: function (\S+)`, with: `ALTER FUNCTION $1 SECURITY DEFINER`},
	{of: `postgres: cogitator: policy (\S+) (\S+)`, with: `ALTER POLICY $2 ON $1 USING (true)`},
	{of: `postgres: cogitator: publication (\w+)`, with: `ALTER PUBLICATION $1 SET (publish = 'insert')`},
	{of: `postgres: cogitator: publication table (\w+)\.(\S+) (\S+)`, with: `ALTER PUBLICATION $2 DROP TABLE $1.$3`},
	{of: `postgres: cogitator: row security (\S+)`, with: `ALTER TABLE $1 DISABLE ROW LEVEL SECURITY`},
	{of: `postgres: cogitator: rule (\S+) (\S+)`, with: `ALTER TABLE $1 DISABLE RULE $2`},
	{of: `postgres: cogitator: statistics (\S+)`, with: `ALTER STATISTICS $1 SET STATISTICS 7`},
	{of: `postgres: cogitator: trigger (\S+) (\S+)`, with: `ALTER TABLE $1 DISABLE TRIGGER $2`},
	{of: `postgres: cogitator: type (\S+)`, with: `ALTER TYPE $1 ADD VALUE 'trial'`},
	{of: `postgres: cogitator: view (\S+)`, with: `ALTER VIEW $1 SET (security_barrier = true)`},
	{of: `postgres: cogitator: materialized view (\S+)`, with: `ALTER MATERIALIZED VIEW $1 OWNER TO cogitator_app`},
	{of: `postgres: materialized view (\S+)`, with: `REFRESH MATERIALIZED VIEW $1 WITH NO DATA`},
	{of: `postgres: database (\S+)`, with: `ALTER DATABASE $1 CONNECTION LIMIT 90`, shows: `postgres: database properties \S+`},
	{of: `postgres: role (\S+)`, with: `ALTER ROLE $1 VALID UNTIL '2099-01-01'`},
	{of: `postgres: cluster: GRANT (\S+) TO (\S+) .*`, with: `GRANT $1 TO $2 WITH ADMIN OPTION`, shows: `postgres: cluster: GRANT .*ADMIN.*`},
	{of: `postgres: large objects`, with: `SELECT lo_create(0)`},
	{of: `postgres: built-in functions`, with: `REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC`},
	{of: `postgres: sequence (\S+)`, with: `SELECT setval('$1', 1)`},
	{of: `postgres: cogitator: sequence (reporting\.\S+)`, with: `ALTER SEQUENCE $1 CACHE 7`},
	{of: `postgres: setting in a file: (\S+)`, with: `ALTER SYSTEM SET fsync = off`, shows: `postgres: setting in a file: fsync`},
	{of: `postgres: setting (enable_\w+)`, but: `partitionwise|enable_group_by`, with: `ALTER ROLE cogitator_app SET $1 = off`},
	{of: `postgres: access rule .*`, with: `COPY (SELECT 'host all all 0.0.0.0/0 trust') TO PROGRAM 'cat >> $$PGDATA/pg_hba.conf'`, shows: `postgres: access rule .*trust`},
	{of: `postgres: file in the data directory: .*`, with: `COPY (SELECT 1) TO PROGRAM 'cat > $$PGDATA/standby.signal'`, shows: `postgres: file in the data directory: standby.signal`},
	{of: `postgres: replication slot \S+`, with: `SELECT pg_create_physical_replication_slot('forgotten')`, shows: `postgres: replication slot forgotten`},
	{of: `postgres: trigger of constraint (\S+) (\S+) (\S+)`, with: `ALTER TABLE $1 DISABLE TRIGGER ALL`},
	{of: `postgres: index over the long values of (\S+)`, with: `UPDATE pg_index SET indisvalid = false WHERE indrelid = (SELECT reltoastrelid FROM pg_class WHERE oid = '$1'::regclass)`},
	{of: `postgres: index (\S+)`, with: `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '$1'::regclass`, shows: `postgres: .*index \S+`},
	{of: `postgres: cogitator: default (\S+) (\S+)`, with: `ALTER TABLE $1 ALTER COLUMN $2 DROP DEFAULT`},
	{of: `postgres: cogitator: sequence owned by (\S+)`, with: `ALTER SEQUENCE $1 OWNED BY NONE`},
	{of: `postgres: cogitator: table (\w+\.\S+)`, with: `ALTER TABLE $1 REPLICA IDENTITY FULL`},
	{of: `postgres: cogitator: table (\w+\.\S+)`, but: `usage|accounts|agents|runs`, with: `ALTER TABLE $1 SET UNLOGGED`},
	{of: `postgres: cogitator: fk constraint (\S+) (\S+)`, with: `ALTER TABLE $1 DROP CONSTRAINT $2`},
	{of: `postgres: cogitator: index attach (\S+)`, but: `pkey`, with: `DROP INDEX reporting.usage_day_idx`},
	{of: `postgres: cogitator: index (\w+\.\S+)`, with: `ALTER INDEX $1 RENAME TO another_index`},
	{of: `postgres: cogitator: table attach (\S+)`, with: `ALTER TABLE reporting.usage DETACH PARTITION $1`},
	{of: `postgres: cogitator: constraint (\S+) (\S+)`, but: `usage_2026`, with: `ALTER TABLE $1 DROP CONSTRAINT $2 CASCADE`},
	{of: `postgres: cogitator: schema (\S+)`, with: `ALTER SCHEMA $1 OWNER TO cogitator_app`},
	{of: `postgres: cogitator: extension (\S+)`, with: `ALTER EXTENSION $1 SET SCHEMA reporting`},

	{of: `redis: redis: setting .*`, with: `redis CONFIG SET maxmemory-policy allkeys-lru`, shows: `redis: redis: setting maxmemory-policy`},
	{of: `redis: redis: access rule .*`, with: `redis ACL SETUSER intruder on nopass ~* +@all`, shows: `redis: redis: access rule user intruder .*`},
	{of: `redis: redis: setting .*`, with: `redis SET forgotten 1`, shows: `redis: redis: key forgotten`},
	{of: `redis: redis: setting .*`, with: `redis SET cogitator:memory:memory-00000001 1 EX 3600`, shows: `redis: redis: key cogitator:memory:memory-00000001`},
	{of: `redis: redis: setting .*`, with: `redis -n 3 SET forgotten 1`, shows: `redis: redis: database db3`},
	{of: `redis: redis: setting .*`, with: `redis FUNCTION LOAD $$'#!lua name=other\nredis.register_function("other", function() end)'`, shows: `redis: redis: function library .*other.*`},
	{of: `redis: redis: replication: .*`, with: `redis REPLICAOF nobody 6379`, shows: `redis: redis: replication: role`},

	{of: `engine: service (worker-1): process .*`, with: `sh docker exec --detach $$name-$1 sleep 1000`, shows: `engine: service worker-1: process sleep`},
	{of: `engine: service (worker-1): host .*`, with: `sh docker update --memory 1g --memory-swap 1g $$name-$1`, shows: `engine: service worker-1: host Memory`},
	{of: `engine: service (worker-1): host .*`, with: `sh docker update --restart always $$name-$1`, shows: `engine: service worker-1: host RestartPolicy.Name`},
	{of: `engine: service (worker-1): network .*`, with: `sh docker network disconnect $$name $$name-$1`},
	{of: `engine: service (worker-1): state`, with: `sh docker pause $$name-$1`},
	{of: `engine: sandboxes: host PidsLimit`, with: `sh docker ps --quiet --filter label=cogitator.sandbox=true | xargs docker update --pids-limit 500`},
	{of: `operator: file (\S+)`, but: `file /(opt|etc)/cogitator(/config)?$`, with: `sh echo 'MODE=other' >> $1`},
	{of: `operator: file (\S+)`, with: `sh chmod o+w $1`},
}

// declared are properties that a container has from its beginning to its end. That another one would show is tested
// without an engine.
var declared = regexp.MustCompile(`^engine: (service \S+|sandboxes): (Cmd|Entrypoint|Image|User|WorkingDir|StopSignal|Labels\..*|environment .*|image id|mount .*|host .*|state|process .*|network .*)$|^engine: (volume|network) .*$`)

// statement is how the thing is changed; false where this is no way to change it.
func (t tampering) statement(thing, stack string) (string, bool) {
	groups := regexp.MustCompile("^(?:" + t.of + ")$").FindStringSubmatchIndex(thing)
	if groups == nil || t.but != "" && regexp.MustCompile(t.but).MatchString(thing) {
		return "", false
	}
	text := regexp.MustCompile("^(?:"+t.of+")$").ExpandString(nil, t.with, thing, groups)
	return strings.ReplaceAll(string(text), "$name", "drdrill-"+stack), true
}

// do changes the thing.
func (t tampering) do(ctx context.Context, stack *fixtures.Stack, statement string) {
	GinkgoHelper()
	switch {
	case strings.HasPrefix(statement, "redis "):
		shell(ctx, stack, stack.ScriptEnv(), "redis-cli -h redis "+strings.TrimPrefix(statement, "redis "))
	case strings.HasPrefix(statement, "sh "):
		shell(ctx, stack, stack.ScriptEnv(), strings.TrimPrefix(statement, "sh "))
	default:
		_, err := stack.ExecSQL(ctx, statement)
		Expect(err).NotTo(HaveOccurred(), statement)
	}
}

// A check that compares everything must see a change of anything. Which thing of each kind is changed, the seed decides.
var _ = Describe("The inventory", Label("sabotage"), func() {
	It("shows a change of every kind of thing that it holds", func(ctx context.Context) {
		stack, id := startNamedStack(ctx, fixtures.Needs{Workers: 1, WALArchive: true, Sandboxes: 1})
		seed := uint64(GinkgoRandomSeed())
		GinkgoWriter.Println("seed", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		before, err := stack.Inventory(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(unknownKinds(before)).To(BeEmpty(), "things of which no tampering is known")
		for _, t := range tamperings {
			thing, statement := t.draw(random, before, id)
			By(fmt.Sprintf("%s: %s", thing, statement))
			t.do(ctx, stack, statement)
			after, err := stack.Inventory(ctx)
			Expect(err).NotTo(HaveOccurred())
			shows := t.shows
			if shows == "" {
				shows = regexp.QuoteMeta(thing)
			}
			var differ []string
			for _, d := range inventory.Compare(before, after) {
				differ = append(differ, d.Thing)
			}
			Expect(differ).To(ContainElement(MatchRegexp("^(?:"+shows+")$")), statement)
			before = after
		}
	}, SpecTimeout(8*time.Minute))
})

// draw picks one of the things that can be changed in this way.
func (t tampering) draw(random *rand.Rand, things inventory.Inventory, stack string) (thing, statement string) {
	GinkgoHelper()
	var all []string
	for _, thing := range slices.Sorted(maps.Keys(things)) {
		if _, can := t.statement(thing, stack); can {
			all = append(all, thing)
		}
	}
	Expect(all).NotTo(BeEmpty(), t.of)
	thing = all[random.IntN(len(all))]
	statement, _ = t.statement(thing, stack)
	return thing, statement
}

// unknownKinds are the things that no tampering is meant for.
func unknownKinds(things inventory.Inventory) (unknown []string) {
	for thing := range things {
		if declared.MatchString(thing) || given.MatchString(thing) {
			continue
		}
		if !slices.ContainsFunc(tamperings, func(t tampering) bool { return regexp.MustCompile("^(?:" + t.of + ")$").MatchString(thing) }) {
			unknown = append(unknown, thing)
		}
	}
	return unknown
}

// given are things that cannot be changed here while their server runs: settings of all kinds, of which a few are, the
// server's part in a recovery, and the modules that are built into it.
var given = regexp.MustCompile(`^(postgres: setting .*|postgres: recovering|redis: redis: module .*)$`)
