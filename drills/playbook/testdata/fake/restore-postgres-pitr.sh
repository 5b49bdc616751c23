#!/bin/bash
# Sabotage: starts a server on an empty volume, and calls that restored.
set -euo pipefail
echo "==> replay the log"
$SERVICE_MANAGER start "$POSTGRES_SERVICE"
until psql -qAtc 'SELECT 1' >/dev/null 2>&1; do sleep 0.1; done
echo "restored"
