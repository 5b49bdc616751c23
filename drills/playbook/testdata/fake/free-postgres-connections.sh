#!/bin/bash
# Sabotage: ends the sessions that are idle, whoever they are, and leaves their role free to come back.
set -euo pipefail
echo "==> end idle sessions"
until psql -qAtc "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE state = 'idle' AND pid <> pg_backend_pid()"; do sleep 0.1; done
