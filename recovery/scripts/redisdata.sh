# shellcheck shell=bash
# What the scripts share that work on Redis's data where it lies: a server of our own, which nobody else can
# reach, loads it first. It is sourced, never run, and used on the Redis host in the data directory.

local_redis() {
  timeout 5 redis-cli -s "$SOCKET" "$@"
}

local_field() {
  local_redis INFO persistence 2> /dev/null | info_field "$1" || true
}

has_loaded() {
  [[ $(local_field loading) == 0 ]]
}

has_rewritten() {
  [[ $(local_field aof_rewrite_in_progress) == 0 && $(local_field aof_rewrite_scheduled) == 0 ]]
}

# start_local OPTION… starts the server of our own on the data in this folder.
start_local() {
  SOCKET=$PWD/restore.sock
  rm -f "$SOCKET"
  redis-server --port 0 --unixsocket "$SOCKET" --dir "$PWD" --save '' --daemonize no "$@" > restore.log 2>&1 &
  LOCAL_SERVER=$!
  wait_until 290 has_loaded || give_up "the data does not load within 290 s"
}

# end_local ends it, and gives the data to the service.
end_local() {
  local_redis SHUTDOWN NOSAVE || true # It hangs up instead of answering.
  wait "$LOCAL_SERVER" || give_up "the server did not end well"
  rm -f restore.log
  find . -maxdepth 1 \( -name appendonlydir -o -name '*.rdb' \) -exec chown --recursive redis:redis {} +
}

# lock_data makes sure that we are the only ones who work here. Of a run that was cut off, this part may go on: it has to end first.
lock_data() {
  exec 9> .restore.lock
  timeout 25 flock 9 || fail "another restore works in $PWD" "wait until it ends, or end it"
}

give_up() {
  tail -n 5 restore.log >&2
  fail "$1" "see the server's log above; the old data is in $PWD/before-*"
}
