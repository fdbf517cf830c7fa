#!/usr/bin/env bash
# 100 one-table migrations, process start included: mig apply against psql -f of the same up.sql (with its journal rows),
# dbmate and sqitch. Each run gets a fresh database on one server.
# usage: bench/migrations.sh [N]
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"
count=${1:-100}
work=$(mktemp -d)
cleanup() { (cd "$work/mig" && mig sandbox --reset >/dev/null 2>&1) || true; rm -rf "$work"; }
trap cleanup EXIT
chmod 755 "$work"
mkdir -p "$work"/{mig/migrations,dbmate,sqitch/deploy,sqitch/revert}

for ((i = 1; i <= count; ++i)); do
  n=$(printf %03d "$i")
  columns="id bigint primary key, name text not null, created_at timestamptz not null default now()"
  printf 'migration m%s {\n  expand {\n    create table t%s (%s);\n  }\n}\n' "$n" "$n" "$columns" >"$work/mig/migrations/m$n.mig"
  printf -- '-- migrate:up\ncreate table t%s (%s);\n-- migrate:down\ndrop table t%s;\n' "$n" "$columns" "$n" >"$work/dbmate/$n.sql"
  printf 'begin;\ncreate table t%s (%s);\ncommit;\n' "$n" "$columns" >"$work/sqitch/deploy/m$n.sql"
  printf 'begin;\ndrop table t%s;\ncommit;\n' "$n" >"$work/sqitch/revert/m$n.sql"
done
echo 'migrations = "migrations"' >"$work/mig/mig.toml"
{ printf '%%syntax-version=1.0.0\n%%project=bench\n\n'
  for ((i = 1; i <= count; ++i)); do printf 'm%03d 2026-01-01T00:00:00Z bench <bench@example.com> # one table\n' "$i"; done; } >"$work/sqitch/sqitch.plan"
printf '[core]\n\tengine = pg\n[user]\n\tname = bench\n\temail = bench@example.com\n' >"$work/sqitch/sqitch.conf"

cd "$work/mig"
url=$(mig sandbox)
socket=$(psql -XAt -d "$url" -c "select split_part(current_setting('unix_socket_directories'), ',', 1)")
port=$(psql -XAt -d "$url" -c "select current_setting('port')")
user=$(psql -XAt -d "$url" -c "select current_user")
export PGHOST=$socket PGPORT=$port PGUSER=$user

prepare() { psql -qX -d "$url" -c "drop database if exists b_$1 with (force)" -c "create database b_$1"; }
prepare psql
mig compile --url "postgresql:///b_psql" --catalog live --out "$work/up" >/dev/null
files=()
for ((i = 1; i <= count; ++i)); do files+=(-f "$work/up/m$(printf %03d "$i")/up.sql"); done

commands=(mig "cd $work/mig && mig apply --yes=b_mig --url postgresql:///b_mig"
  psql "psql -qX -v ON_ERROR_STOP=1 -d b_psql ${files[*]}")
node=$root/build/bench/node_modules
if command -v npm >/dev/null; then
  mkdir -p "$root/build/bench" && cp "$root"/bench/package*.json "$root/build/bench/"
  [ -x "$node/@dbmate/linux-x64/bin/dbmate" ] || (cd "$root/build/bench" && npm ci --ignore-scripts --no-audit --no-fund >/dev/null 2>&1) || true
fi
if [ -x "$node/@dbmate/linux-x64/bin/dbmate" ]; then
  commands+=(dbmate "$node/@dbmate/linux-x64/bin/dbmate --url 'postgres://$user@/b_dbmate?socket=$socket&port=$port&sslmode=disable' -d $work/dbmate --no-dump-schema up")
else echo "dbmate not measured: no npm, or its package did not install"; fi
if command -v sqitch >/dev/null; then
  commands+=(sqitch "cd $work/sqitch && sqitch deploy db:pg:b_sqitch")
else echo "sqitch not measured: apt-get install sqitch libdbd-pg-perl"; fi

time_in_turns prepare "${commands[@]}"
echo "$count one-table migrations, median of $runs (ms, process start included)"
for ((i = 0; i < ${#commands[@]}; i += 2)); do
  name=${commands[$i]}
  printf '  %-8s %9s   mig / %s = %s\n' "$name" "${median[$name]}" "$name" "$(ratio mig "$name")"
done
echo "aim: mig / psql <= 3, faster than dbmate and sqitch"
