#!/bin/bash
# Clears the workers' caches of WASM plugins and restarts the workers, which fetch their plugins anew.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=plugins.sh
. "$(dirname "$0")/plugins.sh"
require_env API_URL WORKER_HOST_EXEC

# clear_cache DIR runs on a worker's host.
clear_cache() {
  local cached=()
  mapfile -t cached < <(find "$1" -mindepth 1 -maxdepth 1)
  ((${#cached[@]} == 0)) || rm -rf "${cached[@]}"
  echo "removed ${#cached[@]} files from $1"
}

step "clear the plugin caches" 60
for worker in "${workers[@]}"; do
  on_host "$WORKER_HOST_EXEC $worker" clear_cache "${PLUGIN_CACHE_DIR:-/var/cache/cogitator/wasm}" < /dev/null
done

restart_workers

verify_plugins
