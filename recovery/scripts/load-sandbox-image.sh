#!/bin/bash
# Brings the sandbox image back where no registry has it: from a saved archive. An archive keeps no digest of a
# registry, so that the image is told by the digest of its configuration, which names all that it is made of.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env API_URL SANDBOX_IMAGE SANDBOX_IMAGE_ID
[[ $SANDBOX_IMAGE_ID =~ ^sha256:[0-9a-f]{64}$ ]] || usage "SANDBOX_IMAGE_ID is sha256: and 64 hexadecimal digits, not $SANDBOX_IMAGE_ID"

step "choose the archive" 120
choose_backup sandbox "${1:-latest-verified}"
archive_holds "$CHOSEN/image.tar" "$SANDBOX_IMAGE_ID" ||
  fail "${CHOSEN##*/} holds another image than $SANDBOX_IMAGE_ID" "name an older backup, or correct SANDBOX_IMAGE_ID if the image was renewed since"

step "load the image" 120
docker load --quiet --input "$CHOSEN/image.tar" || fail "cannot load ${CHOSEN##*/}" "see the engine's message above"

step "verify the image" 10
[[ $(image_id "$SANDBOX_IMAGE_ID") == "$SANDBOX_IMAGE_ID" ]] ||
  fail "the engine does not have $SANDBOX_IMAGE_ID after loading" "see docker images; name an older backup"

step "have the sandboxes use it" 60
use_sandbox_image "$SANDBOX_IMAGE_ID"

step "reset the pool" 40
reset_pool

step "verify the pool" 30
verify_pool
