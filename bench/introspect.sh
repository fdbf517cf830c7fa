#!/usr/bin/env bash
# Introspection of a generated schema of 10,000 tables (5 columns, primary key, index, foreign key and comment each), by
# `mig snapshot`, process start and writing included, against `pg_dump -s` of the same database in the same run.
# usage: bench/introspect.sh [TABLES]
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"
tables=${1:-10000}
work=$(mktemp -d)
cleanup() { (cd "$work" && mig sandbox --reset >/dev/null 2>&1) || true; rm -rf "$work"; }
trap cleanup EXIT
chmod 755 "$work"
cd "$work"
echo 'migrations = "."' >mig.toml
url=$(mig sandbox)
# One statement a transaction: thousands of locks in one would not fit the lock table.
for ((i = 0; i < tables; ++i)); do
  parent=; [ "$i" = 0 ] || parent=" references t$((i - 1))"
  echo "create table t$i (id bigint primary key, parent bigint$parent, name text not null default 'x', total numeric(10,2), created timestamptz not null default now());"
  echo "create index t${i}_name_idx on t$i (name);"
  echo "comment on table t$i is 'table number $i';"
done | psql -qX -v ON_ERROR_STOP=1 -d "$url"
psql -qX -d "$url" -c 'vacuum analyze' >/dev/null
nothing() { :; }
# pg_dump locks every table: the server's default lock table holds about 6,400.
time_in_turns nothing mig "mig snapshot --url '$url' snapshot.json" dump "pg_dump -s -f dump.sql -d '$url'"
echo "introspection of $tables tables ($(du -k snapshot.json | cut -f1) kB), median of $runs (ms)"
printf '  mig snapshot %9s   x %s of pg_dump -s, aim <= 0.20\n' "${median[mig]}" "$(ratio mig dump)"
printf '  pg_dump -s   %9s\n' "${median[dump]}"
