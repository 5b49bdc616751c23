#!/bin/bash
# Sabotage: promotes, and neither fences the old primary nor builds a standby.
set -euo pipefail
echo "==> promote the standby"
export PGHOST=$POSTGRES_STANDBY_HOST
psql -qAtc "ALTER SYSTEM SET synchronous_standby_names = ''" -c 'SELECT pg_reload_conf()' -c 'SELECT pg_promote()'
echo "==> send clients to the new primary"
$ENDPOINT_MANAGER postgres "$POSTGRES_STANDBY_SERVICE"
