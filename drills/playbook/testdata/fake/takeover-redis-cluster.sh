#!/bin/bash
# Sabotage: says that it restored the service, and did not.
set -euo pipefail
echo "==> restore the service"
echo "the service is back"
echo "==> verify the service"
echo "all is well"
