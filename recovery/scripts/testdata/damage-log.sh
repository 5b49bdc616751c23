#!/bin/bash
# Flips bits of a copy of the streamed log, one after another, and has it surveyed: damage-log.sh SEED COUNT SCRIPTS-FOLDER
#
# BACKUP_DIR holds a base backup. A log with a flipped bit has to be refused, with the position; or it has to be read to
# the same last record as before, where the bit is in what the server has left unused between two records.
# shellcheck source-path=SCRIPTDIR/..
set -euo pipefail
# shellcheck source=lib.sh
. "$3/lib.sh"

# flip FILE OFFSET BIT changes one bit.
flip() {
  local byte
  byte=$(od --address-radix n --format u1 --skip-bytes "$2" --read-bytes 1 "$1")
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\x$(printf %02x "$((byte ^ 1 << $3))")" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# damage_log DIR FROM START SEED COUNT runs on the receiver's host.
damage_log() {
  local log sound end files size file at bit number said refused=0
  RANDOM=$4
  log=$(mktemp --directory)
  cp "$1"/* "$log"
  sound=$(survey "$log" "$2" "$3" end)
  mapfile -t files < <(wal_files "$log" "$2")
  size=$(stat --format %s "$log/${files[0]}")
  end=$(($(wal_bytes "${sound##* }") % size))
  for ((number = 1; number <= $5; number++)); do
    # Half of them near the end, where damage looks most like the end.
    file=$log/${files[-1]} bit=$((RANDOM % 8))
    at=$(((RANDOM << 15 | RANDOM) % 1024 + (end > 512 ? end - 512 : 0)))
    if ((number % 2)); then
      file=$log/${files[RANDOM % ${#files[@]}]}
      at=$(((RANDOM << 15 | RANDOM) % size))
    fi
    flip "$file" "$at" "$bit"
    if said=$(survey "$log" "$2" "$3" end 2>&1); then
      if [[ $said != "$sound" ]]; then
        echo "NOT REFUSED with seed $4: bit $bit of byte $at of ${file##*/}: $said, not $sound"
        exit 1
      fi
    elif [[ $said =~ ^"failed: the streamed log "(is damaged at|cannot be read from)" "[0-9A-F]+/[0-9A-F]+ ]]; then
      refused=$((refused + 1))
    else
      echo "REFUSED WITHOUT A POSITION with seed $4: bit $bit of byte $at of ${file##*/}: $said"
      exit 1
    fi
    echo "$number: bit $bit of byte $at of ${file##*/}: $(head --lines 1 <<< "$said")"
    flip "$file" "$at" "$bit"
  done
  rm -r "$log"
  echo "refused $refused of $5, and read the others to the same end"
}

choose_backup postgres-base latest-verified
read -r from start < <(manifest_value '"\(.startSegment) \(.startLsn)"')
on_host "${WAL_HOST_EXEC-}" damage_log "$WAL_DIR" "$from" "$start" "$1" "$2" < /dev/null
