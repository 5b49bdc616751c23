#!/bin/bash
# Saves the sandbox image as an archive, for the day on which no registry has it.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env SANDBOX_IMAGE SANDBOX_IMAGE_ID

step "look at the image" 15
id=$(image_id "$SANDBOX_IMAGE")
[[ $id == "$SANDBOX_IMAGE_ID" ]] ||
  fail "$SANDBOX_IMAGE is ${id:-not there}, and not $SANDBOX_IMAGE_ID" "run pull-sandbox-image.sh; a backup of another image would replace the right one"

step "save the image" 300
begin_backup sandbox
printf -v snapshot_at '%(%Y-%m-%dT%H:%M:%S)T.%sZ' "${EPOCHREALTIME%.*}" "${EPOCHREALTIME#*.}"
docker save --output "$WORK/image.tar" "$SANDBOX_IMAGE" || fail "no complete archive" "see the engine's message above, and the free space under $BACKUP_DIR"
archive_holds "$WORK/image.tar" "$SANDBOX_IMAGE_ID" || fail "the archive holds another image" "something tags $SANDBOX_IMAGE meanwhile: find out what, and run this again"

step "publish the backup" 120
publish_backup sandbox "$(jq --null-input --arg at "$snapshot_at" --arg image "$SANDBOX_IMAGE" --arg id "$SANDBOX_IMAGE_ID" \
  '{snapshotAt: $at, image: $image, imageId: $id}')"

step "remove old backups" 60
expire_backups sandbox
