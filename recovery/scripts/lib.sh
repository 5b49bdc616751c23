# shellcheck shell=bash
# What the backup and recovery scripts share. It is sourced, never run:
#
#   . "$(dirname "$0")/lib.sh"
#
# A script is a row of steps. Each is announced before it begins, and a failure belongs to the last
# one announced. Output is for a person in a hurry: what is done, what was found, what to do next.

# Exit codes: a variable is missing or an argument is wrong; a step failed and said why.
readonly EX_USAGE=64
readonly EX_STEP=70

# Everything these scripts write may hold secrets or personal data.
umask 077
export LC_ALL=C.UTF-8 TZ=UTC PGAPPNAME=${0##*/} PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-5}

BACKUP_DIR=${BACKUP_DIR:-/var/backups/cogitator}
SERVICE_MANAGER=${SERVICE_MANAGER:-systemctl}

# ---- steps and messages ----

# step NAME [SECONDS] announces a step, and how long it may take.
step() {
  echo "==> $1${2:+ (deadline ${2}s)}"
}

# fact NAME VALUE states a finding that programs read too.
fact() {
  echo "fact $1 $2"
}

# fail WHAT NEXT ends the script: what is wrong, and what to do about it.
fail() {
  printf 'failed: %s\nnext: %s\n' "$1" "$2" >&2
  exit "$EX_STEP"
}

usage() {
  printf 'usage: %s\n' "$1" >&2
  exit "$EX_USAGE"
}

# on_error tells of a command that failed where no failure was expected. What fail has said already is left alone.
on_error() {
  local status=$1 line=$2
  if ((status != EX_STEP)); then
    echo "failed: ${0##*/}, line $line: a command ended with exit code $status; its own message is above" >&2
  fi
}
set -E
trap 'on_error $? $LINENO' ERR

# require_env NAME… ends the script unless all the variables are set.
require_env() {
  local name absent=()
  for name; do
    [[ -n ${!name-} ]] || absent+=("$name")
  done
  if ((${#absent[@]})); then
    printf 'missing: %s is not set (README.md lists the environment variables)\n' "${absent[@]}" >&2
    exit "$EX_USAGE"
  fi
}

# now_us prints the time in microseconds.
now_us() {
  echo "${EPOCHREALTIME/./}"
}

# wait_until SECONDS COMMAND… repeats the command until it succeeds; fails when the time is over.
wait_until() {
  local deadline=$(($(now_us) + $1 * 1000000))
  shift
  until "$@"; do
    (($(now_us) < deadline)) || return 1
    sleep 0.05
  done
}

# ---- services, stores, API ----

# service VERB NAME asks the service manager: start, stop, restart or is-active. What is to stand still is stopped without
# asking first: to stop what is stopped succeeds, and "not active" may also mean frozen, starting, or out of reach.
service() {
  local manager
  read -ra manager <<< "$SERVICE_MANAGER"
  "${manager[@]}" "$1" "$2"
}

is_active() {
  service is-active "$1" > /dev/null
}

# ended_by NAME prints how a service that is not active ended: success, exit-code, signal, oom-kill.
ended_by() {
  local manager
  read -ra manager <<< "$SERVICE_MANAGER"
  "${manager[@]}" show --property=Result --value "$1"
}

# point_clients ENDPOINT SERVICE sends clients to another server, as a virtual address or a load balancer does.
point_clients() {
  local manager
  read -ra manager <<< "$ENDPOINT_MANAGER"
  "${manager[@]}" "$1" "$2"
}

# on_host EXEC FUNCTION [ARG…] runs a function of the script where a service keeps its data. The
# script goes in on standard input, so that no shell on the way takes its words apart; our own standard input follows.
on_host() {
  local host function=$2
  read -ra host <<< "$1"
  {
    echo 'set -euo pipefail; umask 077; export LC_ALL=C.UTF-8 TZ=UTC'
    declare -p EX_STEP
    declare -f
    echo "set -E; trap 'on_error \$? \$LINENO' ERR"
    # The exit is on the same line: the shell must not take for commands what follows.
    printf '%q ' "$function" "${@:3}"
    echo '; exit'
    cat
  } | "${host[@]}" bash -s
}

# sql [OPTION…] runs statements from the options or standard input and prints bare values.
sql() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set VERBOSITY=terse "$@"
}

# sql_once is sql for polling: it gives up within seconds and keeps its errors to itself.
sql_once() {
  timeout 3 psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@" 2> /dev/null
}

# accepts_writes [DATABASE] tells whether the server takes writes, by making one that leaves nothing behind.
accepts_writes() {
  [[ $(sql_once --dbname "${1:-$PGDATABASE}" --command 'CREATE TEMP TABLE accepts_writes (); SELECT NOT pg_is_in_recovery()') == t ]]
}

# redis COMMAND… runs one short command; a server that accepts and then says nothing must not hold us.
redis() {
  timeout 5 redis-cli -h "$REDIS_HOST" -p "${REDIS_PORT:-6379}" "$@"
}

# redis_info SECTION FIELD prints one field of INFO; nothing when the server does not answer.
redis_info() {
  redis INFO "$1" 2> /dev/null | info_field "$2" || true
}

# info_field FIELD prints one field of the INFO on standard input.
info_field() {
  tr -d '\r' | sed -n "s/^$1://p"
}

redis_is_loaded() {
  [[ $(redis_info persistence loading) == 0 ]]
}

# queue_key NAME prints the name of one of the queue's keys.
queue_key() {
  echo "${QUEUE_PREFIX:-bull}:${QUEUE_NAME:-cogitator-jobs}:$1"
}

# hold_queue META REDIS-CLI… pauses the queue in a server that no worker can reach yet, as BullMQ's own pause does.
# A worker that came first would take jobs of runs that are done. reconcile-queue.sh lets it go on.
hold_queue() {
  if [[ $("${@:2}" EXISTS "$1") == 1 ]]; then
    "${@:2}" HSET "$1" paused 1 > /dev/null
    echo "the queue is paused: run reconcile-queue.sh"
  fi
}

# api METHOD PATH [JSON] prints the API's answer; fails on an error status too.
api() {
  curl --silent --show-error --fail-with-body --max-time 30 --request "$1" ${3:+--json "$3"} "${API_URL%/}$2"
}

# ---- runs ----

# A run that is worked on changes at every step. One that has not for so many seconds is left behind.
readonly STALE=3

# left_behind BEGAN prints how many runs nobody works on, of those that were running at that time and since.
left_behind() {
  sql_once --command "SELECT count(*) FROM runs WHERE status = 'running' AND updated_at < greatest('$1', now() - interval '$STALE seconds')"
}

none_left_behind() {
  [[ $(left_behind "$1") == 0 ]]
}

# worker_is_up WORKER tells whether the worker passes its health check: it beats, and not only holds its connection.
worker_is_up() {
  # shellcheck disable=SC2016 # the dollar is jq's
  api GET /health/workers 2> /dev/null | jq --exit-status --arg worker "$1" '.workers[$worker].up' > /dev/null
}

# ---- backups ----

# shellcheck source=backups.sh
. "$(dirname "${BASH_SOURCE[0]}")/backups.sh"

# load_table_from_dump TABLE SCRATCH [DUMP] copies a table's rows of the chosen backup, or of a dump, into another table. Nothing of
# the dump is run as SQL: its rows are all that is taken, so the live table cannot be hit.
load_table_from_dump() {
  local columns
  pg_restore --data-only --schema public --table "$1" --file - "${3:-$CHOSEN/database.dump}" |
    awk 'copying && /^\\\.$/ { copying = 0; complete = 1; next }
         copying { print; next }
         /^COPY / { match($0, /\(.*\)/); print substr($0, RSTART, RLENGTH); copying = 1 }
         END { exit !complete }' |
    {
      IFS= read -r columns
      sql --command "COPY $2 $columns FROM STDIN"
    }
}

# ---- write-ahead log ----

# shellcheck source=wal.sh
. "$(dirname "${BASH_SOURCE[0]}")/wal.sh"

# ---- sandboxes ----

# list_sandboxes prints the ids of the sandboxes that should be able to work: what is frozen counts as well.
list_sandboxes() {
  docker ps --quiet --filter label=cogitator.sandbox=true --filter status=running --filter status=paused
}

# answers ID tells whether a command runs to its end in a sandbox. A busy host gets a second chance.
answers() {
  timeout 2 docker exec "$1" true > /dev/null 2>&1 || timeout 2 docker exec "$1" true > /dev/null 2>&1
}

# stuck_sandboxes ID… tests them side by side, and prints those that do not answer.
stuck_sandboxes() {
  local id
  for id; do
    { answers "$id" || echo "$id"; } &
  done
  wait
}

# image_id NAME prints the digest of an image's configuration; nothing when the engine has no such image.
image_id() {
  docker image inspect --format '{{.Id}}' "$1" 2> /dev/null || true
}

# archive_holds FILE ID tells whether a saved archive is of that image alone, and its configuration has the digest.
archive_holds() {
  local config
  config=$(tar --extract --to-stdout --file "$1" manifest.json | jq --raw-output 'if length == 1 then .[0].Config else error("not one image") end') || return 1
  [[ sha256:$(tar --extract --to-stdout --file "$1" "$config" | sha256sum | cut -d ' ' -f 1) == "$2" ]]
}

# use_sandbox_image ID lets the tag of the sandboxes be that image, and removes what was made of another, with that one.
use_sandbox_image() {
  local before
  before=$(image_id "$SANDBOX_IMAGE")
  docker tag "$1" "$SANDBOX_IMAGE"
  [[ $(image_id "$SANDBOX_IMAGE") == "$1" ]] || fail "$SANDBOX_IMAGE is not the image that was brought back" "something else tags it: find out what, and run this again"
  wait_until 30 no_sandbox_but "$1" || fail "sandboxes of another image do not go" "something makes them anew: see docker ps --all"
  if [[ -n $before && $before != "$1" ]]; then
    docker image rm "$before" > /dev/null || fail "cannot remove $before" "a container still uses what the tag pointed to: see docker ps --all"
    echo "removed image $before: the tag pointed to it"
  fi
}

# no_sandbox_but ID removes the sandboxes of other images, and tells whether there were none: one that was being
# made when the tag moved comes late.
no_sandbox_but() {
  local sandbox sandboxes image none=0
  sandboxes=$(docker ps --all --quiet --filter label=cogitator.sandbox=true) || return 1
  for sandbox in $sandboxes; do
    image=$(docker container inspect --format '{{.Image}}' "$sandbox" 2> /dev/null) || continue # gone meanwhile
    if [[ $image != "$1" ]]; then
      none=1
      ! docker rm --force "$sandbox" > /dev/null || echo "removed sandbox $sandbox: it was made of $image"
    fi
  done
  return "$none"
}

# reset_pool has the API drop the members of its pool that are gone or stuck, and make up for them. It sets POOL_SIZE.
reset_pool() {
  local answer
  answer=$(api POST /admin/sandbox/reset) || fail "the pool is not reset: $answer" "see the API's log; pull-sandbox-image.sh when the image is missing"
  echo "pool: $answer"
  POOL_SIZE=$(jq --raw-output '.size // 0' <<< "$answer")
}

verify_pool() {
  wait_until 20 pool_answers || fail "not all of $POOL_SIZE sandboxes answer" "run reset-sandboxes.sh"
}

pool_answers() {
  local pool
  mapfile -t pool < <(list_sandboxes)
  ((${#pool[@]} >= POOL_SIZE)) && [[ -z $(stuck_sandboxes "${pool[@]}") ]]
}
