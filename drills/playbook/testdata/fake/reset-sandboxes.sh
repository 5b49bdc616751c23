#!/bin/bash
# Sabotage, and the playbook's own command: removes every sandbox that it sees, healthy ones included.
set -euo pipefail
echo "==> remove the sandboxes"
docker ps --all --quiet --filter label=cogitator.sandbox=true | xargs --no-run-if-empty docker rm --force
echo "==> reset the pool"
curl --fail --silent --show-error --request POST "$API_URL/admin/sandbox/reset"
