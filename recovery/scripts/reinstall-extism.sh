#!/bin/bash
# Reinstalls the Extism runtime of the workers at the version that the application's lock file names, never at
# the latest. The package comes from the object store: a recovery must not hang on a public registry.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=plugins.sh
. "$(dirname "$0")/plugins.sh"
require_env API_URL WORKER_HOST_EXEC PLUGIN_STORE_URL PACKAGE_LOCK
PACKAGE=node_modules/@extism/extism

# install_runtime FOLDER runs on a worker's host, with the package on standard input. The old one goes only when the new one is complete.
install_runtime() {
  local dir=$1
  rm -rf "$dir.new"
  mkdir -p "$dir.new"
  tar --extract --gzip --strip-components 1 --no-same-owner --directory "$dir.new"
  chmod --recursive a+rX "$dir.new"
  rm -rf "$dir"
  mv "$dir.new" "$dir"
}

step "read the locked version" 30
lock=$(on_host "$WORKER_HOST_EXEC ${workers[0]}" cat "$PACKAGE_LOCK" < /dev/null) || fail "there is no $PACKAGE_LOCK on ${workers[0]}" "correct PACKAGE_LOCK"
read -r version integrity < <(jq --raw-output --arg package "$PACKAGE" '.packages[$package] | "\(.version) \(.integrity)"' <<< "$lock")
[[ $version == [0-9]* && $integrity == sha512-* ]] || fail "$PACKAGE_LOCK locks no version of $PACKAGE" "deploy the application again"
echo "locked at $version"

step "fetch the package" 60
make_scratch
OBJECT_STORE_URL=$PLUGIN_STORE_URL store_get "packages/extism-extism-$version.tgz" "$SCRATCH/extism.tgz" ||
  fail "$PLUGIN_STORE_URL has no package of version $version" "put it there: npm pack @extism/extism@$version"
[[ sha512-$(openssl dgst -sha512 -binary "$SCRATCH/extism.tgz" | base64 --wrap 0) == "$integrity" ]] ||
  fail "the package is not the one that $PACKAGE_LOCK locks" "find out who put it into $PLUGIN_STORE_URL"

step "install the runtime" 120
for worker in "${workers[@]}"; do
  on_host "$WORKER_HOST_EXEC $worker" install_runtime "${PLUGIN_RUNTIME_DIR:-/opt/cogitator/runtime}/$PACKAGE" < "$SCRATCH/extism.tgz"
  echo "$worker has $version"
done

restart_workers

verify_plugins
[[ $VERSIONS == "$version" ]] || fail "the workers run $VERSIONS, not $version" "see the workers' logs"
