#!/bin/bash
# Brings the queue and the table runs to agree, after Redis was set back to an earlier state: its queue then has
# jobs of runs that are done, and none of the runs that came since. PostgreSQL is right about runs.
#
# The queue is paused meanwhile. Where this script fails it stays so: no job is done twice for want of an operator.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env PGHOST PGUSER PGDATABASE REDIS_HOST API_URL
LIVE_LISTS=(wait paused active)
LIVE_SETS=(delayed prioritized waiting-children)
dropped=0 queued=0 answer=''

stores_answer() {
  redis_is_loaded && api GET /health > /dev/null 2>&1
}

# nobody_works tells whether every run that is running has not changed for so long that it is in nobody's hands.
nobody_works() {
  [[ $(sql_once --command "SELECT count(*) FROM runs WHERE status = 'running' AND updated_at > now() - interval '$STALE seconds'") == 0 ]]
}

# ask VERB has the API do something with the queue, and sets answer. Its own connection to Redis may come back later than
# the one that its health is told by.
ask() {
  answer=$(api POST "/admin/queue/$1" 2>&1)
}

# compare has the API drop and queue jobs, and adds to the counts. It fails while a job that is to go is still locked
# by a worker that died or was cut off: the lock ends by itself.
compare() {
  ask reconcile || return 1
  ((dropped += $(jq .dropped <<< "$answer"), queued += $(jq .queued <<< "$answer"), 1))
  [[ $(jq .held <<< "$answer") == 0 ]]
}

# live_jobs LIST… SET… prints the ids of the jobs in these of the queue's lists and sets.
live_jobs() {
  local name
  for name; do
    case $name in
      wait | paused | active) redis --raw LRANGE "$(queue_key "$name")" 0 -1 || exit ;;
      *) redis --raw ZRANGE "$(queue_key "$name")" 0 -1 || exit ;;
    esac
  done | sed '/^$/d' | sort --unique
}

unfinished_runs() {
  sql_once --command "SELECT id FROM runs WHERE status IN ('queued', 'running') AND $1" | sort
}

# disagree compares the two stores by ourselves, and prints what is wrong. New runs come in all the time.
disagree() {
  local old jobs waiting runs lost back
  # Runs before jobs for what may be lost, jobs before runs for what may be left over: a run is there before its job.
  if ! { old=$(unfinished_runs "created_at < '$began'") && jobs=$(live_jobs "${LIVE_LISTS[@]}" "${LIVE_SETS[@]}") &&
    waiting=$(live_jobs wait paused "${LIVE_SETS[@]}") && runs=$(unfinished_runs true); }; then
    echo "a store does not answer"
    return
  fi
  lost=$(comm -23 <(echo "$old") <(echo "$jobs") | paste -sd ' ')
  # A job that is active is in the hands of a worker, which ends it.
  back=$(comm -23 <(echo "$waiting") <(echo "$runs") | paste -sd ' ')
  [[ -z ${lost// /} ]] || echo "without a job: $lost"
  [[ -z ${back// /} ]] || echo "jobs of runs that are over: $back"
}

they_agree() {
  [[ -z $(disagree) ]]
}

runs_move() {
  [[ $(sql_once --command "SELECT NOT EXISTS (SELECT FROM runs WHERE status IN ('queued', 'running'))
    OR EXISTS (SELECT FROM runs WHERE status IN ('running', 'completed', 'failed') AND updated_at >= '$resumed')") == t ]]
}

step "await both stores and the API" 60
wait_until 50 stores_answer || fail "$(api GET /health 2>&1 || true)" "run restart-redis.sh or restart-postgres.sh, whichever is down"

step "pause the queue" 30
wait_until 20 ask pause || fail "the queue is not paused: $answer" "see the API's log"

step "wait until no worker holds a run" 40
wait_until 30 nobody_works || echo "some still work: what they do is recorded once, whoever else takes the run"

step "drop the jobs of finished runs and queue the lost ones" 120
began=$(sql --command 'SELECT now()')
wait_until 90 compare || fail "the comparison does not end: $answer" "where jobs are held, a worker is stuck: run restart-worker.sh, and this again; the queue stays paused"
fact dropped_jobs "$dropped"
fact queued_jobs "$queued"

step "verify that queue and database agree" 30
wait_until 15 they_agree || fail "queue and database do not agree: $(disagree)" "run this again; the queue stays paused"

step "resume the queue" 30
resumed=$(sql --command 'SELECT now()')
wait_until 20 ask resume || fail "the queue is not resumed: $answer" "see the API's log, and run this again"
wait_until 20 runs_move || fail "no worker takes a run" "run restart-worker.sh"
