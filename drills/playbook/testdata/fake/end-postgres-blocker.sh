#!/bin/bash
# Sabotage: ends everybody who waits or is waited for.
set -euo pipefail
echo "==> end all who have to do with locks that are waited for"
psql -qAtc "WITH waiting AS (SELECT pid FROM pg_locks WHERE NOT granted)
  SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM waiting UNION SELECT unnest(pg_blocking_pids(pid)) FROM waiting) AS involved"
