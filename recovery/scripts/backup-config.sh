#!/bin/bash
# Backs up the configuration, secrets included: all of CONFIG_PATHS in one archive, encrypted for BACKUP_KEY_FILE.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env CONFIG_PATHS BACKUP_KEY_FILE
read -ra paths <<< "$CONFIG_PATHS"

open_archive() {
  age --decrypt --identity "$BACKUP_KEY_FILE" "$WORK/config.tar.gz.age"
}

step "find the key" 10
recipient=$(age-keygen -y "$BACKUP_KEY_FILE") || fail "$BACKUP_KEY_FILE holds no key" "make one with age-keygen, and keep a copy where no disaster reaches both"
# A key that is in the backup too opens nothing for those who have lost it.
if grep --recursive --quiet --fixed-strings --file <(grep '^AGE-SECRET-KEY-' "$BACKUP_KEY_FILE") -- "${paths[@]}" 2> /dev/null; then
  fail "the key of BACKUP_KEY_FILE is in ${paths[*]}" "keep it elsewhere, on another machine too"
fi

step "archive the configuration" 60
for path in "${paths[@]}"; do
  [[ $path == /* && -e $path ]] || fail "$path is not there" "correct CONFIG_PATHS: absolute paths with spaces between"
done
begin_backup config
printf -v snapshot_at '%(%Y-%m-%dT%H:%M:%S)T.%sZ' "${EPOCHREALTIME%.*}" "${EPOCHREALTIME#*.}"
tar --create --gzip --directory / -- "${paths[@]#/}" | age --encrypt --recipient "$recipient" --output "$WORK/config.tar.gz.age" ||
  fail "no complete archive" "see the message above; a file that changed while it was read is no backup: run this again"

step "verify the archive" 60
# Reading it against the files finds what a listing cannot: content that did not arrive.
open_archive | tar --compare --gzip --directory / || fail "the archive differs from the files" "run this again"
files=$(open_archive | tar --list --gzip | grep --count --invert-match '/$') || fail "there is no file in ${paths[*]}" "correct CONFIG_PATHS"
echo "$files files"

step "publish the backup" 60
publish_backup config "$(jq --null-input --arg at "$snapshot_at" --arg key "$recipient" --argjson files "$files" --args \
  '{snapshotAt: $at, encryptedFor: $key, files: $files, paths: $ARGS.positional}' -- "${paths[@]}")"

step "remove old backups" 60
expire_backups config
