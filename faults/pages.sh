# shellcheck shell=sh disable=SC2154
# Overwrites pages that hold the rows $ids of runs with $bytes, and prints what the server says to that.
sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

file=$PGDATA/$(sql --dbname "$POSTGRES_DB" --command "SELECT pg_relation_filepath('runs')")
blocks=$(sql --dbname "$POSTGRES_DB" --command "SELECT DISTINCT (ctid::text::point)[0]::int FROM runs WHERE id = ANY('$ids') ORDER BY 1 LIMIT 2" | paste -sd ' ')
# In another database, so that the one under drill gets nothing of it.
sql --dbname postgres --command 'CREATE EXTENSION IF NOT EXISTS pg_buffercache' --command CHECKPOINT

# A page in the cache may be newer than the file, and is written when it is thrown out: then once more.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  for block in $blocks; do
    # shellcheck disable=SC2059 # bytes as octal escapes
    printf "$bytes" | dd of="$file" bs=1 seek=$((block * 8192 + 4096)) conv=notrunc status=none
  done
  sql --dbname postgres --command "SELECT pg_buffercache_evict(bufferid) FROM pg_buffercache WHERE relfilenode = ${file##*/}" > /dev/null
  if ! said=$(sql --dbname "$POSTGRES_DB" --command "SELECT sum(length(input)) FROM runs WHERE id = ANY('$ids')" 2>&1); then
    case $said in
      *"invalid page in block"*)
        printf 'overwrote %s bytes in each of the blocks %s of %s: %s\n' 16 "$blocks" "${file#"$PGDATA"/}" "${said#*ERROR:  }"
        break
        ;;
    esac
  fi
done
sql --dbname postgres --command 'DROP EXTENSION pg_buffercache'
