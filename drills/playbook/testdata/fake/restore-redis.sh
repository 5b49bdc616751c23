#!/bin/bash
# Sabotage: starts a server without the data.
set -euo pipefail
echo "==> restore the snapshot"
$SERVICE_MANAGER start "$REDIS_SERVICE"
until redis-cli -h "$REDIS_HOST" ping >/dev/null 2>&1; do sleep 0.1; done
echo "restored"
