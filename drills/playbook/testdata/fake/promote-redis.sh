#!/bin/bash
# Sabotage: promotes, and neither fences the old primary nor makes it a replica.
set -euo pipefail
echo "==> promote the replica"
redis-cli -h "$REDIS_REPLICA_HOST" REPLICAOF NO ONE
redis-cli -h "$REDIS_REPLICA_HOST" CONFIG REWRITE
echo "==> send clients to the new primary"
$ENDPOINT_MANAGER redis "$REDIS_REPLICA_SERVICE"
