#!/bin/bash
# Repairs a Redis whose append-only file is damaged, in whichever way loses less: the file up to the damage, or the
# newest backup. It says which writes that costs. The damaged file is kept beside the data.
#
# Where a file ends is told by its time stamps (aof-timestamp-enabled yes). A queue comes back paused: run
# reconcile-queue.sh next.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=redisdata.sh
. "$(dirname "$0")/redisdata.sh"
require_env REDIS_HOST REDIS_DATA_DIR
redis=${REDIS_SERVICE:-redis}

# examine_log DIR runs on the Redis host. It prints whether the log is sound, where its damage begins, its size, the
# time in seconds up to which all that was acknowledged comes before the damage (0 when nothing tells), and the file.
examine_log() {
  local report state=sound file='' size=0 sound=0 stamp=''
  cd "$1/appendonlydir"
  report=$(redis-check-aof ./*.manifest 2>&1) || state=damaged
  read -r file size sound < <(sed -n 's/^AOF analyzed: filename=\([^,]*\), size=\([0-9]*\), ok_up_to=\([0-9]*\),.*/\1 \2 \3/p' <<< "$report" | tail -n 1) || true
  # Nothing but the end of the last file can be cut off.
  [[ $state == sound || $file == "$(tail -n 1 ./*.manifest | cut -d ' ' -f 2)" ]] || state=lost
  [[ $state == lost ]] || stamp=$(head --bytes "$sound" "$file" | grep --text '^#TS:' | tail -n 1 | tr --delete --complement 0-9) || true
  echo "$state $sound $size ${stamp:-0} ${file:-none}"
}

# cut_log DIR META runs on the Redis host: it keeps a copy, cuts off everything from the damage on, and tries the rest.
cut_log() {
  local aside
  cd "$1"
  lock_data
  aside=before-repair-$(date +%Y%m%dT%H%M%S)
  mkdir -p "$aside"
  cp --archive appendonlydir "$aside"
  redis-check-aof --fix appendonlydir/*.manifest <<< y | tail -n 2
  start_local --appendonly yes --aof-timestamp-enabled yes
  hold_queue "$2" local_redis || give_up "the queue is not paused"
  end_local
}

# named_keys DIR runs on the Redis host: it prints the keys that the damaged log sets, as it was, before and behind
# the damage. Behind it the next whole command is found; a key that is deleted later or expires is left out.
named_keys() {
  local kept
  cd "$1"
  kept=$(find . -maxdepth 1 -name 'before-re*' -print | sort --field-separator - --key 3 | tail -n 1)
  cat "$kept"/appendonlydir/*.incr.aof | awk '
    function end() { if (want > 1 && n == want) passing[arg[2]] = arg[1] ~ /^(del|unlink|pexpireat)$/ || tolower(arg[4]) ~ /^(pxat|px|ex)$/ }
    BEGIN { RS = "\r\n" }
    /^\*[0-9]+$/ { end(); want = substr($0, 2) + 0; n = 0; is_value = 0; split("", arg); next }
    is_value { arg[++n] = n == 1 ? tolower($0) : $0; is_value = 0; next }
    /^\$[0-9]+$/ { is_value = 1 }
    END { end(); for (key in passing) if (!passing[key]) print key }'
}

# lost_keys prints those of the keys on standard input that the server does not have.
lost_keys() {
  local keys
  keys=$(cat)
  paste -d ' ' <(awk '{ printf "EXISTS \"%s\"\n", $0 }' <<< "$keys" | timeout 120 redis-cli -h "$REDIS_HOST" -p "${REDIS_PORT:-6379}") - <<< "$keys" |
    sed -n 's/^0 //p'
}

step "stop the server" 90
service stop "$redis"

step "find the damage" 300
examined=$(on_host "${REDIS_HOST_EXEC-}" examine_log "$REDIS_DATA_DIR" < /dev/null)
read -r state sound size stamp file <<< "$examined"
log_until=$(date --utc --date "@$stamp" +%FT%TZ)
case $state in
  sound) echo "$file is sound: $size bytes" ;;
  damaged) echo "$file is damaged at byte $sound of $size; everything that was acknowledged before $log_until comes before that" ;;
  *) echo "the append-only file cannot be repaired" ;;
esac

step "choose what loses less" 300
backup=none backup_until=''
if newest=$(choose_backup redis latest-verified > /dev/null 2>&1 && echo "${CHOSEN##*/} $(manifest_value .snapshotAt)"); then
  read -r backup backup_until <<< "$newest"
  echo "the newest backup that verifies is $backup, of $backup_until"
else
  echo "no backup verifies"
fi
from=log
if [[ $state == lost ]]; then from=backup; fi
if [[ $state == damaged && $backup != none ]] && ((stamp < $(date --date "$backup_until" +%s))); then from=backup; fi
[[ $from != backup || $backup != none ]] || fail "there is neither a log to repair nor a backup" "get a backup from elsewhere, and run restore-redis.sh"
fact repaired_from "$from"

if [[ $from == backup ]]; then
  "$(dirname "$0")/restore-redis.sh" "$backup"
else
  step "cut the damage off" 300
  ((stamp > 0)) || echo "no time stamp tells where the log ends: set aof-timestamp-enabled yes"
  fact snapshot_at "$log_until"
  on_host "${REDIS_HOST_EXEC-}" cut_log "$REDIS_DATA_DIR" "$(queue_key meta)" < /dev/null
  step "start the server" 90
  service start "$redis"
  wait_until 80 redis_is_loaded || fail "Redis has not loaded its data" "read its log"
  [[ $(redis_info persistence aof_enabled) == 1 ]] || fail "the service runs without an append-only file" "set appendonly yes in its configuration"
fi

step "name the writes that this cost" 300
lost=$(on_host "${REDIS_HOST_EXEC-}" named_keys "$REDIS_DATA_DIR" < /dev/null | lost_keys)
mkdir -p "$BACKUP_DIR"
names=$BACKUP_DIR/lost-keys-$(date --utc +%Y%m%dT%H%M%SZ)
sort <<< "$lost" | grep "^${MEMORY_PREFIX:-cogitator:memory:}" > "$names" || true
echo "$(wc -l < "$names") keys of the memory store: $(sed -n '1p;$p' "$names" | paste -sd ' ')"
fact lost_memory_keys "$names"
echo "what was written behind the end of the log, and what the damaged bytes themselves held, nobody can name"
