# shellcheck shell=bash
# How backups are made, named, kept, verified and chosen. lib.sh sources it.
#
# A backup is a folder KIND/NAME of objects, with a checksum beside each and a manifest of all, in BACKUP_DIR
# and, where OBJECT_STORE_URL says so, under the same keys in the object store. NAME is KIND and the time.
#
#   begin_backup KIND                                   sets WORK, the folder to put objects into
#   publish_backup KIND MANIFEST-JSON                   the folder becomes a backup, here and in the store
#   expire_backups KIND                                 removes old ones, never the last that verifies
#   choose_backup KIND latest-verified|NAME|TIME        sets CHOSEN, a folder whose objects are verified
#
# Where there is an object store, backups are chosen from it alone: what is in BACKUP_DIR may be gone.

# shellcheck source=objectstore.sh
. "$(dirname "${BASH_SOURCE[0]}")/objectstore.sh"

MANIFEST=manifest.json
# Nobody's environment decides what is removed at the end.
WORK='' SCRATCH='' PUBLISHED=''
readonly STAMP='[0-9]{8}T[0-9]{6}\.[0-9]{6}Z'

# clean_up removes what is of use to this process alone.
clean_up() {
  rm -rf ${WORK:+"$WORK"} ${SCRATCH:+"$SCRATCH"}
}

# make_scratch sets SCRATCH to a folder that goes with this process.
make_scratch() {
  [[ -z $SCRATCH ]] || return 0
  mkdir -p "$BACKUP_DIR"
  # Those of processes that were killed.
  find "$BACKUP_DIR" -maxdepth 1 -name '.scratch-*' -mmin +1440 -exec rm -rf {} +
  SCRATCH=$(mktemp --directory "$BACKUP_DIR/.scratch-XXXXXX")
  trap clean_up EXIT
}

# ---- making ----

# stamp [TIME] prints a time as the names of backups hold it: now, or one of RFC 3339. It fails for what is none.
stamp() {
  (($#)) || set -- "$(date --utc +%FT%T.%NZ)"
  [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}[T\ ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$ ]] &&
    date --utc --date "$1" +%Y%m%dT%H%M%S.%6NZ 2> /dev/null
}

# checksum_line FILE prints the content of the checksum beside it.
checksum_line() {
  local sum
  sum=$(sha256sum < "$1") && printf '%s  %s\n' "${sum%% *}" "${1##*/}"
}

# begin_backup KIND sets NAME and WORK, a folder that becomes the backup when it is complete and goes otherwise.
begin_backup() {
  local dir=$BACKUP_DIR/$1
  mkdir -p "$dir"
  exec {BACKUP_LOCK}> "$dir/.lock"
  flock --nonblock "$BACKUP_LOCK" || fail "another backup of $1 is running" "wait until it ends, or end it"
  # Under the lock, unfinished work can only be that of a backup that was killed.
  rm -rf "$dir"/.partial-*
  NAME=$1-$(stamp)
  WORK=$dir/.partial-$NAME
  trap clean_up EXIT
  mkdir "$WORK"
}

# publish_backup KIND MANIFEST-JSON adds the manifest and the checksums, makes all of it durable, and only then
# gives the backup its name, in BACKUP_DIR and then in the object store.
publish_backup() {
  local objects object final=$BACKUP_DIR/$1/$NAME
  objects=$(cd "$WORK" && for object in *; do
    checksum_line "$object" > "$object.sha256"
    printf '%s %s %s\n' "$(cut -d ' ' -f 1 "$object.sha256")" "$(stat --format %s "$object")" "$object"
  done | jq --raw-input --null-input '[inputs / " " | {key: .[2], value: {bytes: (.[1] | tonumber), sha256: .[0]}}] | from_entries')
  jq --null-input --arg kind "$1" --arg name "$NAME" --arg system "${SYSTEM_NAME:-cogitator}" --argjson objects "$objects" --argjson about "$2" \
    '{format: "cogitator/backup/v1", kind: $kind, name: $name, system: $system} + $about + {finishedAt: (now | todateiso8601), objects: $objects}' \
    > "$WORK/$MANIFEST"
  checksum_line "$WORK/$MANIFEST" > "$WORK/$MANIFEST.sha256"
  sync "$WORK"/* "$WORK"
  mv --no-target-directory "$WORK" "$final"
  sync "${final%/*}"
  verify_backup "$final" || fail "the backup does not verify where it was put" "check the disk under $BACKUP_DIR; $NAME is refused by every restore"
  if uses_object_store; then
    upload_backup "$1" "$final"
  fi
  PUBLISHED=$NAME
  fact backup "$NAME"
  fact snapshot_at "$(jq --raw-output .snapshotAt <<< "$2")"
}

# upload_backup KIND DIR puts a backup into the object store and reads it back. The manifest comes last: without it there is no backup.
upload_backup() {
  local object objects parts=()
  objects=$(manifest_objects "$2")
  for object in $objects; do
    parts+=("$object" "$object.sha256")
  done
  upload_objects "$1" "$2" "${parts[@]}" "$MANIFEST.sha256"
  upload_objects "$1" "$2" "$MANIFEST"
}

upload_objects() {
  local object file sum
  for object in "${@:3}"; do
    file=$2/$object
    sum=$(sha256sum < "$file")
    store_put "$file" "$1/${2##*/}/$object" "${sum%% *}"
    store_holds "$1/${2##*/}/$object" "${sum%% *}" ||
      fail "the object store does not give back $object of ${2##*/}" "the backup is whole in $2; check the store, and run this again"
  done
}

# ---- verifying ----

# refuse DIR WHAT tells which backup is refused, and why.
refuse() {
  echo "refused ${1##*/}: $2" >&2
  return 1
}

# verify_backup DIR reads all of a backup and compares it with its checksums. It says why it refuses one. The folder's
# own name, and that of the folder it is in, say which backup it has to be.
verify_backup() {
  [[ -d $1 ]] || refuse "$1" "there is no such backup in ${1%/*}" || return 1
  verify_manifest "$1" && verify_objects "$1" && verify_key "$1"
}

# verify_manifest DIR tells whether the manifest is whole, and that of a backup of this name, kind, system and database.
verify_manifest() {
  local dir=$1 kind=${1%/*} complaint
  [[ -e $dir/$MANIFEST ]] || refuse "$dir" "$MANIFEST is missing: the backup is incomplete" || return 1
  verify_checksum "$dir" "$MANIFEST" || return 1
  complaint=$(jq --raw-output --arg name "${dir##*/}" --arg kind "${kind##*/}" --arg system "${SYSTEM_NAME:-cogitator}" --arg database "${PGDATABASE-}" '
    if .format != "cogitator/backup/v1" then "\(.format) is no format of backups that is known here"
    elif .kind != $kind then "it is a backup of \(.kind), not of \($kind)"
    elif .name != $name then "its manifest is that of \(.name)"
    elif .system != $system then "it is of the system \(.system), not of \($system)"
    elif .database and $database != "" and .database != $database then "it is of the database \(.database), not of \($database)"
    elif (.objects | length) == 0 then "it holds no objects"
    elif any(.objects | keys[]; test("^[A-Za-z0-9][A-Za-z0-9._-]*$") | not) then "an object has an impossible name"
    else empty end' "$dir/$MANIFEST" 2> /dev/null) || complaint="$MANIFEST cannot be read"
  [[ -z $complaint ]] || refuse "$dir" "$complaint"
}

# verify_checksum DIR FILE compares a file with the checksum beside it. That one has to be right to the byte too.
verify_checksum() {
  [[ -e $1/$2.sha256 ]] || refuse "$1" "the checksum of $2 is missing" || return 1
  cmp --silent "$1/$2.sha256" <(checksum_line "$1/$2") || refuse "$1" "$2 does not match its checksum $2.sha256"
}

# manifest_objects DIR prints the names of a backup's objects.
manifest_objects() {
  jq --raw-output '.objects | keys[]' "$1/$MANIFEST"
}

# verify_objects DIR compares all objects with what the manifest, which is verified, says of them.
verify_objects() {
  local dir=$1 objects object bytes sha256 has
  objects=$(jq --raw-output --exit-status '.objects | to_entries[] | "\(.key) \(.value.bytes) \(.value.sha256)"' "$dir/$MANIFEST") ||
    refuse "$dir" "$MANIFEST cannot be read" || return 1
  while read -r object bytes sha256; do
    [[ -e $dir/$object ]] || refuse "$dir" "$object is missing" || return 1
    has=$(stat --format %s "$dir/$object")
    [[ $has == "$bytes" ]] || refuse "$dir" "$object has $has bytes, not $bytes" || return 1
    verify_checksum "$dir" "$object" || return 1
    [[ $(cut -d ' ' -f 1 "$dir/$object.sha256") == "$sha256" ]] || refuse "$dir" "$object is not the one of $MANIFEST" || return 1
  done <<< "$objects"
}

# verify_key DIR tells whether BACKUP_KEY_FILE opens the objects of an encrypted backup. Without a key, nobody asked.
verify_key() {
  local dir=$1 for_key our_key objects object
  for_key=$(jq --raw-output '.encryptedFor // ""' "$dir/$MANIFEST") && objects=$(manifest_objects "$dir") ||
    refuse "$dir" "$MANIFEST cannot be read" || return 1
  [[ -n $for_key && -n ${BACKUP_KEY_FILE-} ]] || return 0
  our_key=$(age-keygen -y "$BACKUP_KEY_FILE") || fail "$BACKUP_KEY_FILE holds no key" "make one with age-keygen, or get the one that the backups were made with"
  [[ $for_key == "$our_key" ]] || refuse "$dir" "wrong key: it is encrypted for $for_key, and BACKUP_KEY_FILE is the key of $our_key" || return 1
  for object in $objects; do
    age --decrypt --identity "$BACKUP_KEY_FILE" "$dir/$object" 2> /dev/null > /dev/null || refuse "$dir" "$object does not open with BACKUP_KEY_FILE" || return 1
  done
}

# ---- choosing ----

# list_backups KIND sets NAMES to all backups that are there, newest first, damaged ones too.
list_backups() {
  local name there=()
  if [[ $PLACE == store ]]; then
    store_list "$1/" /
    there=("${STORE_KEYS[@]%/}")
  else
    there=("$BACKUP_DIR/$1"/*)
  fi
  mapfile -t NAMES < <(for name in "${there[@]##*/}"; do
    if [[ $name =~ ^$1-$STAMP$ ]]; then echo "$name"; fi
  done | sort --reverse)
}

# open_manifest KIND NAME verifies the manifest of a backup, fetched first if need be, and sets OPENED to the backup's folder.
open_manifest() {
  OPENED=$BACKUP_DIR/$1/$2
  if [[ $PLACE == store ]]; then
    make_scratch
    OPENED=$SCRATCH/$1/$2
    mkdir -p "$OPENED"
    fetch "$OPENED" "$1/$2" "$MANIFEST"
  fi
  [[ -d $OPENED ]] || refuse "$OPENED" "there is no such backup in ${OPENED%/*}" || return 1
  verify_manifest "$OPENED"
}

# open_backup KIND NAME [STAMP] verifies a backup, fetched first if need be, and sets OPENED to its folder. It fails for
# one that is refused, and for one whose snapshot is later than the time.
open_backup() {
  local objects object
  open_manifest "$1" "$2" || return 1
  [[ -z ${3-} || ! $(stamp "$(jq --raw-output .snapshotAt "$OPENED/$MANIFEST")") > $3 ]] || return 1
  if [[ $PLACE == store ]]; then
    objects=$(manifest_objects "$OPENED") || return 1
    for object in $objects; do
      fetch "$OPENED" "$1/$2" "$object"
    done
  fi
  verify_objects "$OPENED" && verify_key "$OPENED"
}

# fetch DIR KEY OBJECT downloads an object and its checksum. What is missing shows when they are verified.
fetch() {
  store_get "$2/$3" "$1/$3" || true
  store_get "$2/$3.sha256" "$1/$3.sha256" || true
}

# close_backup removes what open_backup has fetched.
close_backup() {
  [[ $PLACE != store ]] || rm -rf "${SCRATCH:?}/${1:?}/${2:?}"
}

# open_newest KIND [STAMP] opens the newest backup that verifies, and is not later than the time. Damaged ones before it are refused by name.
open_newest() {
  local name
  list_backups "$1"
  for name in "${NAMES[@]}"; do
    [[ -z ${2-} || ! $name > $1-$2 ]] || continue
    if open_backup "$1" "$name" "${2-}"; then
      return
    fi
    close_backup "$1" "$name"
  done
  return 1
}

# Where backups are chosen from.
PLACE=local
! uses_object_store || PLACE=store

# place prints it for people.
place() {
  if [[ $PLACE == store ]]; then echo "$OBJECT_STORE_URL"; else echo "$BACKUP_DIR"; fi
}

# choose_backup KIND latest-verified|NAME|TIME sets CHOSEN to the folder of the backup to restore, and states which it
# is. TIME is of RFC 3339, with its zone: the newest backup whose snapshot is not later.
choose_backup() {
  local kind=$1 wanted=$2 until
  if [[ $wanted =~ ^$kind-$STAMP$ ]]; then
    if ! open_backup "$kind" "$wanted"; then
      list_backups "$kind"
      fail "$wanted cannot be restored" "name another: $(printf '%s\n' "${NAMES[@]}" | grep --invert-match --line-regexp --fixed-strings "$wanted" | paste -sd ' ')"
    fi
  elif [[ $wanted == latest || $wanted == latest-verified ]]; then
    open_newest "$kind" || fail "no backup of $kind in $(place) verifies" "get an older backup from elsewhere, and run this again"
  else
    until=$(stamp "$wanted") || usage "latest-verified, the name of a backup of $kind, or a time with its zone such as 2026-12-01T02:00:00Z; not $wanted"
    open_newest "$kind" "$until" || fail "no backup of $kind in $(place) verifies and is not later than $wanted" "choose a later time, or get an older backup from elsewhere"
  fi
  CHOSEN=$OPENED
  fact restored_backup "${CHOSEN##*/}"
  fact snapshot_at "$(manifest_value .snapshotAt)"
}

# manifest_value FILTER prints a value of the chosen backup's manifest.
manifest_value() {
  jq --raw-output --exit-status "$1" "$CHOSEN/$MANIFEST"
}

# ---- retention ----

# expire_backups KIND removes the backups that are older than RETENTION_DAYS, wherever they are. The newest that verifies stays, whatever its age.
expire_backups() {
  local oldest place
  oldest=$1-$(stamp "$(date --utc --date "${RETENTION_DAYS:-30} days ago" +%FT%T.%NZ)")
  for place in local ${OBJECT_STORE_URL:+store}; do
    PLACE=$place expire_in "$1" "$oldest"
  done
}

expire_in() {
  local keep=$PUBLISHED name
  if [[ -z $keep ]]; then
    open_newest "$1" || fail "no backup of $1 in $(place) verifies" "nothing was removed; find out what damages backups"
    keep=${OPENED##*/}
  fi
  list_backups "$1"
  for name in "${NAMES[@]}"; do
    if [[ $name < $2 && $name != "$keep" ]]; then
      remove_backup "$1" "$name"
      echo "removed $name from $(place)"
    fi
  done
}

# remove_backup KIND NAME removes the manifest first: what is cut off in the middle is no backup any more.
remove_backup() {
  local key
  if [[ $PLACE == local ]]; then
    rm -f "${BACKUP_DIR:?}/$1/$2/$MANIFEST"
    rm -rf "${BACKUP_DIR:?}/$1/$2"
    return
  fi
  store_delete "$1/$2/$MANIFEST"
  store_list "$1/$2/"
  for key in "${STORE_KEYS[@]}"; do
    store_delete "$key"
  done
}
