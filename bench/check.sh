#!/usr/bin/env bash
# `mig check` of one file and of 1,000 files from a snapshot of a 10,000-table database, process start included. The rival
# is reading the same bytes: cat of the snapshot and the files.
# usage: bench/check.sh [TABLES]
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"
tables=${1:-10000}
work=$(mktemp -d)
cleanup() { (cd "$work" && mig sandbox --reset >/dev/null 2>&1) || true; rm -rf "$work"; }
trap cleanup EXIT
chmod 755 "$work"
mkdir -p "$work/none" "$work/one" "$work/many"
cd "$work"
echo 'migrations = "none"' >mig.toml  # the files are named on the command line
url=$(mig sandbox)
psql -qX -v ON_ERROR_STOP=1 -d "$url" -c "alter system set max_locks_per_transaction = 64" >/dev/null
# One statement for each table: thousands of locks in one transaction would not fit the lock table.
for ((i = 1; i <= tables; ++i)); do
  printf 'create table t%05d (id bigint primary key, name text not null, amount numeric(10,2), created_at timestamptz);\n' "$i"
done | psql -qX -v ON_ERROR_STOP=1 -d "$url"
mig snapshot --url "$url" snapshot.json >/dev/null
for ((i = 1; i <= 1000; ++i)); do
  printf 'migration m%04d {\n  expand {\n    add column t%05d.note text;\n    add index on t%05d (amount);\n  }\n}\n' \
    "$i" "$((i % tables + 1))" "$((i % tables + 1))" >"many/m$(printf %04d "$i").mig"
done
cp many/m0001.mig one/
nothing() { :; }
time_in_turns nothing one "mig check --catalog snapshot.json one/m0001.mig" \
  many "mig check --catalog snapshot.json many/*.mig" read "cat snapshot.json* many/*.mig"
echo "mig check from a snapshot of $tables tables ($(du -k snapshot.json | cut -f1) kB), median of $runs (ms, process start included)"
printf '  one file     %9s   aim <= 50     (x %s of reading the same bytes)\n' "${median[one]}" "$(ratio one read)"
printf '  1,000 files  %9s   aim <= 1000   (x %s of reading the same bytes)\n' "${median[many]}" "$(ratio many read)"
