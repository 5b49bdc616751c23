# shellcheck shell=bash
# PostgreSQL's write-ahead log, as a receiver streams it into WAL_DIR, on a host that is not PostgreSQL's.
# lib.sh sources it. What reads the log runs on the receiver's host.

# wal_files DIR FROM prints the names of the segments in a folder, whole or partial, from the segment FROM on
# in order of position. One that is empty holds nothing yet. Where timelines share a position, the newest one's
# comes last: recovery takes that one.
wal_files() {
  local file name
  for file in "$1"/*; do
    name=${file##*/}
    if [[ -s $file && ${name%.partial} =~ ^[0-9A-F]{24}$ && ! ${name:8:16} < ${2:8:16} ]]; then
      echo "${name:8:16} ${name:0:8} $name"
    fi
  done | sort | cut -d ' ' -f 3
}

# copy_segment DIR NAME FILE copies a segment that the receiver may complete meanwhile.
copy_segment() {
  cp --remove-destination "$1/$2" "$3" 2> /dev/null || cp --remove-destination "$1/${2%.partial}" "$3"
}

# link_wal DIR FROM INTO links the segments that recovery takes, under the newest timeline's names, so that one
# program reads them as one log. Partial ones are copied: the receiver writes on. It sets TIMELINE, and LAST, the
# last segment's name.
link_wal() {
  local dir=$1 from=$2 into=$3 name
  TIMELINE=$(wal_files "$dir" "$from" | cut -c 1-8 | sort | tail -n 1)
  [[ -n $TIMELINE ]] || fail "$dir holds no segment from $from on" "choose a newer base backup, or bring the log's files back"
  LAST=$(wal_files "$dir" "$from" | grep "^$TIMELINE" | tail -n 1)
  LAST=${LAST%.partial}
  for name in $(wal_files "$dir" "$from"); do
    if [[ ${name:8:16} > ${LAST:8:16} ]]; then
      break
    elif [[ $name == *.partial ]]; then
      copy_segment "$dir" "$name" "$into/$TIMELINE${name:8:16}"
    else
      ln --symbolic --force "$dir/$name" "$into/$TIMELINE${name:8:16}"
    fi
  done
}

# wal_position DIR SEGMENT prints the position at which a segment begins, counted in segments.
wal_position() {
  local size
  size=$(stat --dereference --format %s "$1/$2")
  echo $((16#${2:8:8} * (0x100000000 / size) + 16#${2:16:8}))
}

# require_whole_log DIR FROM fails when a segment is missing between FROM and the last one in a folder of links.
require_whole_log() {
  local dir=$1 segment position next
  next=$(wal_position "$dir" "$TIMELINE${2:8:16}" 2> /dev/null) ||
    fail "the streamed log does not hold $2, where the base backup begins" "choose a newer base backup; what came after it is whole then"
  for segment in "$dir"/*; do
    position=$(wal_position "$dir" "${segment##*/}")
    ((position == next)) || fail "the streamed log has a gap before ${segment##*/}" "bring the missing segments back, or recover to a target before them"
    next=$((position + 1))
  done
}

# wal_bytes LSN prints a position as a number of bytes, and wal_segment BYTES SIZE the newest timeline's segment that has it.
wal_bytes() {
  echo $((16#${1%/*} << 32 | 16#${1#*/}))
}

wal_segment() {
  printf '%s%08X%08X\n' "$TIMELINE" $(($1 >> 32)) $((($1 & 0xFFFFFFFF) / $2))
}

# is_blank DIR SIZE FROM [TO] tells whether nothing was written there: from one position to another in a segment of
# SIZE bytes, or to the end of the last segment.
is_blank() {
  local dir=$1 size=$2 from=$3 to=${4-} segment
  segment=$(wal_segment "$from" "$size")
  [[ ! $segment > $LAST ]] || return 0
  [[ -n $to || $segment == "$LAST" ]] || return 1
  to=${to:-$(((from / size + 1) * size))}
  cmp --quiet --ignore-initial=$((from % size)):0 --bytes=$((to - from)) "$dir/$segment" /dev/zero
}

# last_record DIR START reads a folder of links from the record at START on, and prints where the last one begins. Behind
# it nothing was written. What was and cannot be read is damage: it may hold commits that were acknowledged.
last_record() {
  local dir=$1 start=$2 size blank said record end
  size=$(stat --dereference --format %s "$dir/$LAST")
  # The reader says where it stopped only when there is something to read.
  blank=$(wal_segment $((($(wal_position "$dir" "$LAST") + 1) * size)) "$size")
  truncate --size "$size" "$dir/$blank"
  said=$(pg_waldump --stats --path "$dir" --start "$start" "$(wal_segment "$(wal_bytes "$start")" "$size")" "$blank" 2>&1 || true)
  rm "$dir/$blank"
  record=$(sed -n 's/^pg_waldump: error: error in WAL record at \([0-9A-F/]*\): .*/\1/p' <<< "$said")
  end=$(sed -n 's/^WAL statistics between .* and \([0-9A-F/]*\):$/\1/p' <<< "$said")
  [[ -n $record && -n $end ]] ||
    fail "the streamed log cannot be read from $start on: ${said##*$'\n'}" "bring the damaged segment back from a copy, or choose a newer base backup"
  is_blank "$dir" "$size" "$(wal_bytes "$end")" || is_cut_off "$dir" "$size" "$said" ||
    fail "the streamed log is damaged at $end: ${said##*"error in WAL record at $record: "}" \
      "bring that segment back from a copy. Up to $record it is whole: restore-postgres-pitr.sh with the target lsn=$record loses what was committed from there on"
  echo "$record"
}

# is_cut_off DIR SIZE SAID tells whether the reader met a record that goes to a page's end, and nothing behind it. Long
# ones are sent in pieces: nobody has been told of one that did not arrive whole.
is_cut_off() {
  local page
  page=$(sed -n 's/.*: invalid magic number 0000 in .*, LSN \([0-9A-F/]*\), .*/\1/p' <<< "$3")
  [[ -n $page ]] || return 1
  page=$(wal_bytes "$page")
  is_blank "$1" "$2" "$page" && ! is_blank "$1" "$2" $((page - 8)) "$page"
}

# survey DIR FROM START TARGET runs on the receiver's host. It prints the newest timeline, its last segment and where
# the last record begins. A log that is recovered to its end has to be whole from FROM on and readable from START on;
# whether another target is reached is for the server to say.
survey() {
  local record=-
  LINKS=$(mktemp --directory)
  trap 'rm -rf "$LINKS"' EXIT
  link_wal "$1" "$2" "$LINKS"
  if [[ $4 == end ]]; then
    require_whole_log "$LINKS" "$2"
    record=$(last_record "$LINKS" "$3") || return
  fi
  echo "$TIMELINE $LAST $record"
}

# survey_log FROM START TARGET has the log surveyed, and sets TIMELINE, LAST and RECORD.
survey_log() {
  local found
  found=$(on_host "${WAL_HOST_EXEC-}" survey "$WAL_DIR" "$@" < /dev/null) || fail "the streamed log is not whole" "see the message above; no data has been touched"
  # shellcheck disable=SC2034 # scripts use it
  read -r TIMELINE LAST RECORD <<< "$found"
}

# oldest_segment prints where the log begins that the base backups need which are kept. One that is refused restores nothing.
oldest_segment() {
  local place name
  for place in local ${OBJECT_STORE_URL:+store}; do
    PLACE=$place list_backups postgres-base
    for name in $(printf '%s\n' "${NAMES[@]}" | sort); do
      if PLACE=$place open_manifest postgres-base "$name"; then
        jq --raw-output .startSegment "$OPENED/$MANIFEST"
        break
      fi
    done
  done | sort --key 1.9 | head --lines 1
}

# remove_log DIR BEFORE DAYS runs on the receiver's host. It removes the segments before that one which are so many days
# old, and no history of a timeline. Younger ones may be of use to a backup that was not seen, such as one in another place.
remove_log() {
  local name removed=0
  while IFS= read -r name; do
    if [[ ${name%.partial} =~ ^[0-9A-F]{24}$ && ${name:8:16} < ${2:8:16} ]]; then
      rm "$1/$name"
      removed=$((removed + 1))
    fi
  done < <(find "$1" -maxdepth 1 -type f ! -newermt "$3 days ago" -printf '%f\n')
  echo "removed $removed segments before $2"
}

# streams_synchronously tells whether commits wait for the receiver, and the receiver has what was written.
streams_synchronously() {
  [[ $(sql_once --command "SELECT true FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid
    WHERE slot_name = '${WAL_SLOT:-wal_receiver}' AND state = 'streaming' AND sync_state IN ('sync', 'quorum')") == t ]]
}
