#!/bin/bash
# Damages sound backups, one after another, and has a restore refuse each: damage.sh SEED COUNT SCRIPTS-FOLDER
#
# BACKUP_DIR holds one sound backup of each kind, and OTHER_DIR one of another database, or another system.
# Where OBJECT_STORE_URL is set, the damaged backup is put there. A restore has to end in its first step, with
# exit code 70 and the name of the backup; whether the target is untouched is for the caller to see.
# shellcheck source-path=SCRIPTDIR/..
set -euo pipefail
seed=$1 count=$2 scripts=$3
# shellcheck source=lib.sh
. "$scripts/lib.sh"

sound=$(mktemp --directory)
trap 'rm -rf "$sound"; clean_up' EXIT
cp --archive "$BACKUP_DIR/." "$sound"
age-keygen -o "$sound/another.key" 2> /dev/null
mapfile -t kinds < <(find "$sound" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%f\n' | sort)
RANDOM=$seed

# draw N sets DRAWN to a number below N. It is no function that prints: a subshell would draw the same each time.
draw() {
  DRAWN=$(((RANDOM << 15 | RANDOM) % $1))
}

# pick WORD… sets PICKED to one of the words.
pick() {
  draw $#
  shift "$DRAWN"
  PICKED=$1
}

# damage KIND damages the backup in $dir, says how in WHAT, and sets WITH to what the restore is told otherwise.
damage() {
  local files size
  WITH=()
  mapfile -t files < <(find "$dir" -type f -printf '%f\n' | sort)
  pick "${files[@]}"
  local file=$dir/$PICKED name=$PICKED
  size=$(stat --format %s "$file")
  pick cut emptied flipped flipped removed checksum renamed another key
  [[ $PICKED != key || $1 == config ]] || PICKED=flipped
  case $PICKED in
    cut)
      draw "$size"
      truncate --size "$DRAWN" "$file"
      WHAT="$name cut at byte $DRAWN of $size"
      ;;
    emptied)
      truncate --size 0 "$file"
      WHAT="$name emptied"
      ;;
    flipped)
      draw "$size"
      WHAT="a bit of byte $DRAWN of $name flipped"
      flip "$file" "$DRAWN"
      ;;
    removed)
      rm "$file"
      WHAT="$name removed"
      ;;
    checksum)
      pick "$dir"/*.sha256
      rm "$PICKED"
      WHAT="${PICKED##*/} removed"
      ;;
    renamed)
      WHAT="that of another time"
      mv "$dir" "${dir%-*}-20990101T000000.000000Z"
      dir=${dir%-*}-20990101T000000.000000Z
      ;;
    another) replace "$1" ;;
    key)
      WITH=(BACKUP_KEY_FILE="$sound/another.key")
      WHAT="another key"
      ;;
  esac
}

# flip FILE OFFSET changes one bit.
flip() {
  local byte at=$2
  byte=$(od --address-radix n --format u1 --skip-bytes "$at" --read-bytes 1 "$1")
  draw 8
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\x$(printf %02x "$((byte ^ 1 << DRAWN))")" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

# replace KIND puts another's backup in the place: as it is, or with the right name and the right checksum.
replace() {
  local name=${dir##*/}
  rm -r "$dir"
  cp --archive "$OTHER_DIR/$1/$1"-*Z "$dir"
  WHAT="another's backup"
  draw 2
  if ((DRAWN)); then
    WHAT+=" under this name"
    jq --arg name "$name" '.name = $name' "$dir/$MANIFEST" > "$dir/changed"
    mv "$dir/changed" "$dir/$MANIFEST"
    checksum_line "$dir/$MANIFEST" > "$dir/$MANIFEST.sha256"
  fi
}

# upload KIND makes the object store hold what $dir holds, damage and all.
upload() {
  local key file sum
  store_list "$1/${dir##*/}/"
  for key in "${STORE_KEYS[@]}"; do
    store_delete "$key"
  done
  for file in "$dir"/*; do
    sum=$(sha256sum < "$file")
    store_put "$file" "$1/${dir##*/}/${file##*/}" "${sum%% *}"
  done
}

# restore_script KIND prints the script that restores it.
restore_script() {
  case $1 in
    postgres-base) echo restore-postgres-pitr.sh ;;
    sandbox) echo load-sandbox-image.sh ;;
    *) echo "restore-$1.sh" ;;
  esac
}

# must_refuse COMMAND… runs a restore that has to refuse the backup.
must_refuse() {
  local code=0
  env "${WITH[@]}" "$@" > "$sound/out" 2> "$sound/err" || code=$?
  complaint=$(sed -n "s/^refused ${dir##*/}: //p" "$sound/err")
  if ((code != 70)) || [[ -z $complaint || $(grep --count '^==>' "$sound/out") != 1 ]]; then
    printf 'NOT REFUSED with seed %s: %s, %s: exit code %s\n' "$seed" "${dir##*/}" "$WHAT" "$code"
    cat "$sound/out" "$sound/err"
    exit 1
  fi
}

for ((number = 1; number <= count; number++)); do
  pick "${kinds[@]}"
  kind=$PICKED
  dir=$(echo "$BACKUP_DIR/$kind/$kind"-*Z)
  damage "$kind"
  ! uses_object_store || upload "$kind"
  must_refuse "$scripts/$(restore_script "$kind")" "${dir##*/}"
  if ((number % 5 == 0)); then
    must_refuse "$scripts/verify-backup.sh" "$kind" "${dir##*/}"
  fi
  echo "$number $kind: $WHAT: $complaint"
  rm -rf "${BACKUP_DIR:?}/$kind/$kind"-*
  cp --archive "$sound/$kind/$kind"-* "$BACKUP_DIR/$kind"
done
echo "refused all $count"
