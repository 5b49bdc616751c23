#!/bin/bash
# Brings the sandbox image back, by its digest: a tag may point elsewhere by now, a digest cannot.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env API_URL SANDBOX_IMAGE SANDBOX_DIGEST
[[ $SANDBOX_DIGEST =~ ^sha256:[0-9a-f]{64}$ ]] || usage "SANDBOX_DIGEST is sha256: and 64 hexadecimal digits, not $SANDBOX_DIGEST"
# The tag is what follows the last colon, unless that is a port.
repository=$SANDBOX_IMAGE
[[ ${SANDBOX_IMAGE##*/} != *:* ]] || repository=${SANDBOX_IMAGE%:*}
pinned=$repository@$SANDBOX_DIGEST

has_digest() {
  docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$1" | grep --quiet --line-regexp --fixed-strings "$pinned"
}

step "pull the image" 120
docker pull --quiet "$pinned" || fail "cannot pull $pinned" "check that the registry is up and holds it; load-sandbox-image.sh takes a saved archive"

step "verify the digest" 10
has_digest "$pinned" || fail "the engine does not confirm the digest of what it pulled" "remove $pinned, and run this again"

step "have the sandboxes use it" 60
use_sandbox_image "$(image_id "$pinned")"
has_digest "$SANDBOX_IMAGE" || fail "$SANDBOX_IMAGE is not the image that was pulled" "something else tags it: find out what, and run this again"

step "reset the pool" 40
reset_pool

step "verify the pool" 30
verify_pool
