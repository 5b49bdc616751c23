#!/bin/bash
# Brings a Redis Cluster back that has lost the majority of its primaries, and cannot elect new ones: has the
# newest replica of each lost primary take over, and then brings the lost nodes back as replicas.
#
# A takeover asks nobody. So it is refused while the cluster can elect by itself; the lost primaries are stopped
# first; and takeovers come one after another: each one's epoch is known to all nodes before the next one takes the
# epoch after it. Where the host of a lost node is out of reach, see to it that the node can take no writes and name
# it in FENCED_CLUSTER_NODES: it is left alone, and is for another run, without that, once the host is back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
require_env REDIS_CLUSTER_NODES
read -ra nodes <<< "$REDIS_CLUSTER_NODES"
readonly FENCED_BY_HAND=" ${FENCED_CLUSTER_NODES-} "
readonly SLOTS=16384

# node HOST COMMAND… asks one node.
node() {
  REDIS_HOST=$1 redis "${@:2}"
}

# cluster_field HOST FIELD prints one field of CLUSTER INFO; nothing when the node does not answer.
cluster_field() {
  node "$1" CLUSTER INFO 2> /dev/null | info_field "$2" || true
}

# replication_field HOST FIELD prints what the node says of its part in replication.
replication_field() {
  REDIS_HOST=$1 redis_info replication "$2"
}

# own_view HOST prints the line of CLUSTER NODES in which a node describes itself.
own_view() {
  node "$1" CLUSTER NODES | awk '$3 ~ /myself/'
}

# owners HOST prints the ids of the primaries that serve slots, as the node sees them.
owners() {
  node "$1" CLUSTER NODES | awk '$3 ~ /master/ && NF > 8 { print $1 }'
}

# take_stock sorts the nodes into ALIVE and LOST, and sets WITNESS to the one with the newest epoch, ID_OF and
# MASTER_OF (by host; - for a primary).
take_stock() {
  local host epoch newest=-1
  for host in "${nodes[@]}"; do
    if [[ $(node "$host" PING 2> /dev/null) != PONG ]]; then
      LOST+=("$host")
      continue
    fi
    ALIVE+=("$host")
    read -r ID_OF["$host"] MASTER_OF["$host"] < <(own_view "$host" | awk '{ print $1, $4 }')
    epoch=$(cluster_field "$host" cluster_current_epoch)
    if ((epoch > newest)); then
      newest=$epoch
      WITNESS=$host
    fi
  done
}

# find_orphans sets ORPHANS to the ids of the primaries that serve slots and do not answer.
find_orphans() {
  local id
  for id in $(owners "$WITNESS"); do
    [[ " ${ID_OF[*]} " == *" $id "* ]] || ORPHANS+=("$id")
  done
}

# is_down tells whether the cluster serves no longer what the lost primaries served: it has no majority that would elect.
is_down() {
  [[ $(cluster_field "$WITNESS" cluster_state) == fail ]]
}

# newest_replica ID prints the host of that primary's replica that has most of its data. One in the middle of its
# first synchronisation has only a part of it, whatever its offset.
newest_replica() {
  local host offset
  for host in "${ALIVE[@]}"; do
    if [[ ${MASTER_OF[$host]} == "$1" && $(replication_field "$host" master_sync_in_progress) == 0 ]]; then
      offset=$(replication_field "$host" slave_repl_offset)
      ((offset == 0)) || echo "$offset $host"
    fi
  done | sort --numeric-sort --reverse | awk 'NR == 1 { print $2 }'
}

# all_know_owner HOST tells whether every node that is alive takes HOST for a primary that serves slots.
all_know_owner() {
  local host
  for host in "${ALIVE[@]}"; do
    owners "$host" 2> /dev/null | grep --quiet --line-regexp "${ID_OF[$1]}" || return 1
  done
}

# all_serve HOST… tells whether to each of the nodes all slots are served.
all_serve() {
  local host
  for host; do
    [[ $(cluster_field "$host" cluster_state) == ok && $(cluster_field "$host" cluster_slots_ok) == "$SLOTS" ]] || return 1
  done
}

# is_replica HOST tells whether the node follows a primary and has its data.
is_replica() {
  [[ $(replication_field "$1" role) == slave && $(replication_field "$1" master_link_status) == up ]] &&
    [[ $(replication_field "$1" master_sync_in_progress) == 0 ]]
}

# all_agree tells whether the given nodes name the same owners of the same slots, and each of these serves as a primary.
all_agree() {
  local host view='' theirs
  for host; do
    theirs=$(node "$host" CLUSTER NODES 2> /dev/null | awk '$3 ~ /master/ && NF > 8 { $3 = $5 = $6 = $8 = ""; print }' | sort) || return 1
    [[ -n $theirs && ${view:=$theirs} == "$theirs" ]] || return 1
    if own_view "$host" | awk '{ exit !($3 ~ /master/ && NF > 8) }'; then
      [[ $(replication_field "$host" role) == master ]] || return 1
    fi
  done
}

# no_node_fails tells whether no node takes another one for dead or dying.
no_node_fails() {
  local host
  for host in "${nodes[@]}"; do
    ! node "$host" CLUSTER NODES 2> /dev/null | grep --quiet --extended-regexp ',fail|fail,|noaddr|handshake' || return 1
  done
}

declare -a ALIVE=() LOST=() ORPHANS=() successors=() returning=()
declare -A ID_OF=() MASTER_OF=()
WITNESS=

step "take stock of the cluster" 60
take_stock
[[ -n $WITNESS ]] || fail "no node of the cluster answers" "start the nodes: each keeps its part in the cluster beside its data"
find_orphans
echo "alive: ${ALIVE[*]}"
echo "lost: ${LOST[*]:-none}; ${#ORPHANS[@]} of them served slots"
[[ $(cluster_field "$WITNESS" cluster_slots_assigned) == "$SLOTS" ]] ||
  fail "$(cluster_field "$WITNESS" cluster_slots_assigned) of $SLOTS slots have an owner" "see redis-cli --cluster check; no takeover brings these slots back"

if ((${#ORPHANS[@]})); then
  wait_until 40 is_down ||
    fail "the cluster still serves, or elects new primaries by itself" "wait; if slots stay unserved, look for what keeps this host from the lost nodes, and run this again"
fi

step "choose the newest replica of each lost primary" 30
for id in "${ORPHANS[@]}"; do
  successor=$(newest_replica "$id")
  [[ -n $successor ]] || fail "no replica of $id answers that has all of its data" "start its node or one of its replicas: nothing has been changed yet"
  echo "$successor, at offset $(replication_field "$successor" slave_repl_offset), for $id"
  REDIS_HOST=$successor
  [[ $(redis_info persistence aof_enabled) == 1 ]] || fail "$successor writes no append-only file" "set appendonly yes in its configuration"
  successors+=("$successor")
done

step "fence the lost nodes" 90
# One that still runs and is only cut off from here must not go on serving clients.
for host in "${LOST[@]}"; do
  if [[ $FENCED_BY_HAND == *" $host "* ]]; then
    echo "somebody has seen to it that $host can take no writes: it is left alone"
  else
    service stop "$host" || fail "$host cannot be stopped" \
      "power its host off or cut its network, so that it can take no writes; then run this again with $host in FENCED_CLUSTER_NODES"
    returning+=("$host")
  fi
done

step "take over from the lost primaries" 120
for successor in "${successors[@]}"; do
  # Once there is a majority again, the cluster may have elected it already.
  node "$successor" CLUSTER FAILOVER TAKEOVER || true
  wait_until 20 all_know_owner "$successor" || fail "not all nodes take $successor for a primary" "see its log, and run this again"
  fact took_over "$successor"
done

step "wait until all slots are served" 30
wait_until 25 all_serve "${ALIVE[@]}" || fail "not all slots are served" "see redis-cli --cluster check ${ALIVE[0]}:${REDIS_PORT:-6379}"

step "bring the lost nodes back as replicas" 300
# One after another: what a node remembers of others that have just come back as well is as old as its own part.
for host in "${returning[@]}"; do
  service start "$host"
  wait_until 60 is_replica "$host" || fail "$host is no replica with all data" "see its log: it must not serve slots that another node took over"
  ALIVE+=("$host")
  wait_until 60 all_agree "${ALIVE[@]}" || fail "the nodes do not agree on who serves which slots since $host is back" "compare CLUSTER NODES of all; stop $host if it serves slots"
done

step "verify the cluster" 60
wait_until 50 all_serve "${ALIVE[@]}" || fail "not all nodes serve all slots" "see redis-cli --cluster check ${ALIVE[0]}:${REDIS_PORT:-6379}"
all_agree "${ALIVE[@]}" || fail "the nodes do not agree on who serves which slots" "compare CLUSTER NODES and INFO replication of all"
for host in "${ALIVE[@]}"; do
  REDIS_HOST=$host
  [[ $(redis_info persistence aof_enabled) == 1 ]] || fail "$host writes no append-only file" "set appendonly yes in its configuration"
done
echo "all $SLOTS slots are served; primaries: $(owners "$WITNESS" | wc --lines), nodes: ${#ALIVE[@]} of ${#nodes[@]}"
if ((${#ALIVE[@]} < ${#nodes[@]})); then
  fact not_rebuilt "${FENCED_CLUSTER_NODES-}"
  echo "when the hosts of $FENCED_CLUSTER_NODES are back, run this again without FENCED_CLUSTER_NODES before anybody starts them"
else
  wait_until 30 no_node_fails || fail "nodes take others for dead" "see CLUSTER NODES of each"
fi
