package playbook_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/fixtures"
	"github.com/cogitator-ai/drdrill/fixtures/archive"
)

// One row or key that is not what it was shows, whatever is wrong with it.
var _ = Describe("The archive's digests", Label("harness"), func() {
	It("tell every damage", func(ctx context.Context) {
		stack := startStack(ctx, fixtures.Needs{})
		keys := stack.ConnectRedis()
		defer keys.Close()
		scale := archive.Scale{Rows: 2000, Vectors: 100, Keys: 50}
		Expect(scale.Load(ctx, stack.ConnectPostgres)).To(Succeed())
		Expect(scale.LoadKeys(ctx, keys)).To(Succeed())
		before, err := stack.Archived(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(archive.Rows(before)).To(BeEquivalentTo(2050))

		sql := func(statement string) func() error {
			return func() error {
				rows, err := stack.ExecSQL(ctx, statement)
				Expect(rows).To(BeNumerically("<=", 1))
				return err
			}
		}
		for name, damage := range map[string]func() error{
			"a changed text":       sql(`UPDATE runs SET input = input || ' ' WHERE id = 'archive-runs-00000001'`),
			"a changed time":       sql(`UPDATE runs SET updated_at = updated_at + '1 us'::interval WHERE id = 'archive-runs-00000002'`),
			"a value that is gone": sql(`UPDATE runs SET result = NULL WHERE id = 'archive-runs-00000003'`),
			"an empty value":       sql(`UPDATE runs SET worker = '' WHERE id = 'archive-runs-00000004'`),
			"a changed embedding":  sql(`UPDATE memory_vectors SET embedding = embedding + ('[1' || repeat(',0', 1535) || ']')::vector WHERE id = 'archive-vectors-00000001'`),
			"a missing row":        sql(`DELETE FROM run_steps WHERE run_id = 'archive-runs-00000001' AND step = 1`),
			"an extra row":         sql(`INSERT INTO audit_logs (id, actor, action, detail) VALUES ('archive-unknown', '', '', '{}')`),
			"a changed owner":      sql(`UPDATE agents SET enabled = false WHERE id = 'archive-agents-00000001'`),
			"a changed key":        func() error { return keys.Append(ctx, "cogitator:memory:archive-memory-00000001", " ").Err() },
			"a missing key":        func() error { return keys.Del(ctx, "cogitator:memory:archive-memory-00000002").Err() },
			"an extra key":         func() error { return keys.Set(ctx, "cogitator:memory:archive-x", "", 0).Err() },
			"a key that expires":   func() error { return keys.Expire(ctx, "cogitator:memory:archive-memory-00000003", time.Hour).Err() },
		} {
			Expect(damage()).To(Succeed(), name)
			after, err := stack.Archived(ctx)
			Expect(err).NotTo(HaveOccurred())
			Expect(after).NotTo(Equal(before), name)
			before = after
		}

		// A row that is there twice takes a table without its key.
		_, err = stack.ExecSQL(ctx, `ALTER TABLE run_steps DROP CONSTRAINT run_steps_pkey`)
		Expect(err).NotTo(HaveOccurred())
		Expect(sql(`INSERT INTO run_steps SELECT * FROM run_steps WHERE run_id = 'archive-runs-00000002' AND step = 1`)()).To(Succeed())
		after, err := stack.Archived(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(after).NotTo(Equal(before), "a row that is there twice")
	}, SpecTimeout(2*time.Minute))
})
