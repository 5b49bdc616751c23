#!/bin/bash
# Restores the configuration from a backup: restore-config.sh [latest-verified|NAME|TIME]
#
# The archive is opened and counted in a folder of its own before anything in CONFIG_ROOT is touched. What was
# there is put aside and not removed. A run that was cut off can be repeated.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env BACKUP_KEY_FILE
(($# <= 1)) || usage "restore-config.sh [latest-verified|NAME|TIME]"
root=${CONFIG_ROOT:-/}
root=${root%/}

open_archive() {
  age --decrypt --identity "$BACKUP_KEY_FILE" "$CHOSEN/config.tar.gz.age"
}

# put_in_place PATH moves a path of the opened archive to where it belongs. All that takes time is done before the old one moves.
put_in_place() {
  local path=$root$1
  (umask 022 && mkdir -p "${path%/*}")
  rm -rf "$path.restoring"
  cp --archive "$SCRATCH/opened$1" "$path.restoring"
  if [[ -e $path || -L $path ]]; then
    mv --no-target-directory "$path" "$path$before"
    echo "what was there is kept as $path$before: remove it when nobody needs it"
  fi
  mv --no-target-directory "$path.restoring" "$path"
}

step "choose the backup" 120
choose_backup config "${1:-latest-verified}"

step "open the archive" 60
make_scratch
mkdir "$SCRATCH/opened"
open_archive | tar --extract --gzip --preserve-permissions --directory "$SCRATCH/opened" ||
  fail "the archive does not open" "see the message above; nothing in ${root:-/} has been touched"
files=$(find "$SCRATCH/opened" ! -type d | wc -l)
((files == $(manifest_value .files))) || fail "$files files in the archive, of $(manifest_value .files)" "choose another backup; nothing in ${root:-/} has been touched"

step "put the files in place" 60
before=.before-restore-$(date +%Y%m%dT%H%M%S)
mapfile -t paths < <(manifest_value '.paths[]')
for path in "${paths[@]}"; do
  put_in_place "$path"
done

step "verify the files" 60
open_archive | tar --compare --gzip --directory "$root/" || fail "the files differ from the archive" "see the message above, and run this again"
echo "$files files in ${paths[*]}"
