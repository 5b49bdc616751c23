# shellcheck shell=bash
# PostgreSQL's write-ahead log, as a receiver streams it into WAL_DIR, on a host that is not PostgreSQL's.
# lib.sh sources it. What reads the log runs on the receiver's host.

# wal_files DIR FROM prints the names of the segments in a folder, whole or partial, from the segment FROM on
# in order of position. Where timelines share a position, the newest one's comes last: recovery takes that one.
wal_files() {
  local file name
  for file in "$1"/*; do
    name=${file##*/}
    if [[ ${name%.partial} =~ ^[0-9A-F]{24}$ && ! ${name:8:16} < ${2:8:16} ]]; then
      echo "${name:8:16} ${name:0:8} $name"
    fi
  done | sort | cut -d ' ' -f 3
}

# link_wal DIR FROM INTO links the segments that recovery takes, the partial ones too, under the newest
# timeline's names, so that one program reads them as one log. It sets TIMELINE, and LAST, the last segment's name.
link_wal() {
  local dir=$1 from=$2 into=$3 name
  TIMELINE=$(wal_files "$dir" "$from" | cut -c 1-8 | sort | tail -n 1)
  [[ -n $TIMELINE ]] || fail "$dir holds no segment from $from on" "choose a newer base backup, or bring the log's files back"
  LAST=$(wal_files "$dir" "$from" | grep "^$TIMELINE" | tail -n 1)
  LAST=${LAST%.partial}
  for name in $(wal_files "$dir" "$from"); do
    if [[ ! ${name:8:16} > ${LAST:8:16} ]]; then
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

# last_record DIR prints where the last record of a folder of links begins. The last segment may hold none:
# then it is in the one before.
last_record() {
  local dir=$1 segment size record
  for segment in $(printf '%s\n' "$dir"/* | tail -n 2 | sort --reverse); do
    size=$(stat --dereference --format %s "$segment")
    segment=${segment##*/}
    # It ends with an error where the log ends.
    record=$({ pg_waldump --path "$dir" --timeline "$((16#${segment:0:8}))" \
      --start "$(printf '%X/%X' $((16#${segment:8:8})) $((16#${segment:16:8} * size)))" 2> /dev/null || true; } |
      sed -n 's/^rmgr:.* lsn: \([0-9A-F/]*\), prev .*/\1/p' | tail -n 1)
    if [[ -n $record ]]; then
      echo "$record"
      return
    fi
  done
  fail "the streamed log holds no record" "see the files that the receiver wrote"
}

# streams_synchronously tells whether commits wait for the receiver, and the receiver has what was written.
streams_synchronously() {
  [[ $(sql_once --command "SELECT true FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid
    WHERE slot_name = '${WAL_SLOT:-wal_receiver}' AND state = 'streaming' AND sync_state IN ('sync', 'quorum')") == t ]]
}
