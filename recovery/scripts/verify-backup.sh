#!/bin/bash
# Verifies backups and restores nothing: verify-backup.sh KIND latest-verified|NAME|TIME|all
#
# Every byte is read from where a restore would read it. "all" names each sound backup and each that is refused.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# Which database and which key a backup has to be of is part of the question.
require_env PGDATABASE BACKUP_KEY_FILE
(($# == 2)) || usage "verify-backup.sh KIND latest-verified|NAME|TIME|all"
kind=$1

# verify_all verifies all backups of the kind.
verify_all() {
  local name refused=0
  list_backups "$kind"
  ((${#NAMES[@]})) || fail "there is no backup of $kind in $(place)" "run backup-$kind.sh"
  for name in "${NAMES[@]}"; do
    if open_backup "$kind" "$name"; then
      echo "sound $name"
    else
      refused=$((refused + 1))
    fi
    close_backup "$kind" "$name"
  done
  ((refused == 0)) || fail "$refused of ${#NAMES[@]} backups are refused" "find out what damages them; latest-verified passes over them"
}

step "verify the backups" 1800
if [[ $2 == all ]]; then
  verify_all
else
  choose_backup "$kind" "$2"
  echo "sound ${CHOSEN##*/}"
fi
