#!/usr/bin/env bash
# The main job, the whole way, on a real PostgreSQL: checked, planned, applied, killed, resumed, undone, applied again;
# then once more by psql alone. Every claim it prints is compared, not assumed: it stops at the first difference.
. "$(dirname "$(realpath "$0")")/../proof.sh"
blocker=
tidy() { [ -z "$blocker" ] || kill "$blocker" 2>/dev/null || true; }

# Of statements, one a line: those that change something; mig's own schema aside.
changes() { tr -s ' \t' ' ' | sed 's/^ //; s/ *;* *$//' | grep -vE '^(BEGIN|COMMIT|SET|SELECT|SHOW|WITH|$)' | grep -vE '\bmig\.|SCHEMA (IF NOT EXISTS )?mig\b'; }
# What this database's server logged for mig; a statement's further lines begin with a tab.
logged_for() {
  local data
  data=$(ask "select current_setting('data_directory')")
  awk -v mark="mig $1|LOG:  statement: " '
    index($0, mark) == 1 { printf "\n%s", substr($0, length(mark) + 1); on = 1; next }
    /^\t/ { if (on) printf " %s", $0; next }
    { on = 0 }
    END { print "" }' "$(dirname "$data")/log"
}
planned_for() { mig plan --url "$1" --sql 2>/dev/null | awk '{ printf "%s ", $0 } /;$/ { print "" }'; }

start
sql -c "alter system set log_statement = 'all'" -c "alter system set log_line_prefix = '%a %d|'" -c "select pg_reload_conf()" >/dev/null
ask "select 'rows: ' || ((select count(*) from \"User\") + (select count(*) from \"QRCode\"))"
state before

say "Check the file against the live schema, then look at the plan"
run mig check --catalog live
run mig plan

if [ "$(ask "select current_setting('server_version_num')::int / 10000")" = 15 ]; then
  say "The committed plan, up.sql and down.sql are those of this file and schema"
  run mig compile --catalog live --out expected --check
fi

say "Apply, with an open transaction in the way, and kill mig while it waits"
sql -c 'begin' -c 'lock table "QRCode" in share mode' -c 'select pg_sleep(600)' >/dev/null 2>&1 &
blocker=$!
until [ "$(ask "select count(*) from pg_locks where relation = '\"QRCode\"'::regclass and mode = 'ShareLock' and granted")" = 1 ]; do sleep 0.05; done
mig apply --yes >"$work/killed.log" 2>&1 &
victim=$!
until [ "$(ask "select coalesce((select count(*) from mig.step where state = 'done'), 0)" 2>/dev/null || echo 0)" -ge 1 ]; do sleep 0.02; done
kill -KILL "$victim"
wait "$victim" 2>/dev/null || true
kill "$blocker" && { wait "$blocker" 2>/dev/null || true; }
ask "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()" >/dev/null
blocker=
cat "$work/killed.log"
echo "killed with SIGKILL after $(ask "select count(*) from mig.step where state = 'done'") step(s)"
run mig status

say "The same command goes on where it was"
run mig apply --yes
run mig status
state after

say "A new client uses the new shape; then back, keeping what it wrote"
sql -c "insert into \"StripeWebhookEvent\" (id, type) values ('evt_1', 'invoice.paid')" \
    -c "update \"QRCode\" set used = true, \"usedAt\" = now(), \"usedByUserId\" = 'user_7' where id = 'qr_42'"
state used
run mig rollback webhook_events --yes
state back
same "the catalog after rollback and before apply" "$work/before.json" "$work/back.json"
same "all rows after rollback and before apply" "$work/before.rows" "$work/back.rows"

say "Applied again: what the new client wrote is there again"
run mig apply --yes
state again
same "the catalog after the second apply and the first" "$work/after.json" "$work/again.json"
same "all rows, with those of the new client" "$work/used.rows" "$work/again.rows"

say "The same by psql alone, on a second database"
ask 'create database by_psql'
first=$url
url=${first/\/postgres?/\/by_psql?}
sql -f baseline.sql
state psql_before
run mig compile --url "$url" --catalog live --out "$work/build"
run psql -qX -v ON_ERROR_STOP=1 -d "$url" -f "$work/build/webhook_events/up.sql"
state psql_after
same "the catalog made by psql and by mig" "$work/after.json" "$work/psql_after.json"
run mig status --url "$url"
run psql -qX -v ON_ERROR_STOP=1 -d "$url" -f "$work/build/webhook_events/down.sql"
state psql_back
same "the catalog after down.sql and before up.sql" "$work/psql_before.json" "$work/psql_back.json"
same "all rows after down.sql and before up.sql" "$work/psql_before.rows" "$work/psql_back.rows"

say "A third database: the server's log holds the plan's statements, in their order, and nothing else"
ask 'create database by_log'
url=${first/\/postgres?/\/by_log?}
sql -f baseline.sql
planned_for "$url" | changes >"$work/planned.sql"
mig apply --url "$url" --yes=by_log >"$work/logged.txt" 2>&1
logged_for by_log | changes >"$work/logged.sql"
same "the server's log and the plan's statements ($(wc -l <"$work/planned.sql") of them)" "$work/planned.sql" "$work/logged.sql"

say "zzik: all of it held"
