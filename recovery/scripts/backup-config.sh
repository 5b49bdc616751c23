#!/bin/bash
# Backs up the configuration: all of CONFIG_PATHS in one archive that only its owner can read.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env CONFIG_PATHS
read -ra paths <<< "$CONFIG_PATHS"

step "archive the configuration" 60
for path in "${paths[@]}"; do
  [[ $path == /* && -e $path ]] || fail "$path is not there" "correct CONFIG_PATHS: absolute paths with spaces between"
done
begin_backup config
printf -v snapshot_at '%(%Y-%m-%dT%H:%M:%S)T.%sZ' "${EPOCHREALTIME%.*}" "${EPOCHREALTIME#*.}"
tar --create --gzip --file "$WORK/config.tar.gz" --directory / -- "${paths[@]#/}" ||
  fail "no complete archive" "see the message above; a file that changed while it was read is no backup: run this again"

step "verify the archive" 60
# Reading it against the files finds what a listing cannot: content that did not arrive.
tar --compare --gzip --file "$WORK/config.tar.gz" --directory / || fail "the archive differs from the files" "run this again"
files=$(tar --list --gzip --file "$WORK/config.tar.gz" | grep --count --invert-match '/$') || fail "there is no file in ${paths[*]}" "correct CONFIG_PATHS"
echo "$files files"

step "publish the backup" 30
publish_backup config "$(jq --null-input --arg at "$snapshot_at" --argjson files "$files" --args \
  '{snapshotAt: $at, files: $files, paths: $ARGS.positional}' -- "${paths[@]}")"

step "remove old backups" 60
expire_backups config
