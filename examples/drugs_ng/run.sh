#!/usr/bin/env bash
# Version 2 of the chat bot's database while the bot goes on: refused where something is wrong, applied, tried by a
# person, verified, contracted after its day, gone back from each of these states. Every claim is compared, not assumed.
. "$(dirname "$(realpath "$0")")/../proof.sh"
bot=
tidy() { [ -z "$bot" ] || kill "$bot" 2>/dev/null || true; }
start
is "rows" "$(ask 'select (select count(*) from users) + (select count(*) from sessions) + (select count(*) from prescriptions)
  + (select count(*) from orders) + (select count(*) from appointments)')" 50000
state before

say "Is it safe to start?"
run mig doctor
run mig check --catalog live
run mig plan

say "Columns that somebody added by hand, without quotes: nothing begins"
sql -c 'alter table prescriptions add column extractedText text'
exits 1 mig apply --yes
is "steps that are in" "$(ask "select count(*) from mig.step where step like 'expand/%'")" 0
sql -c 'alter table prescriptions drop column extractedtext'

say "A night window, had the migration one: by day mig says when it opens, and ends"
cp -r . "$work/night"
from=$(ask "select to_char(now() at time zone 'Africa/Lagos' + interval '3 hours', 'HH24:00')")
to=$(ask "select to_char(now() at time zone 'Africa/Lagos' + interval '5 hours', 'HH24:00')")
sed -i "s|policy {|policy { window $from-$to 'Africa/Lagos';|" "$work/night/migrations/prescriptions_v2.mig"
exits 3 mig apply --yes -C "$work/night" --url "$url"
is "steps that are in" "$(ask "select count(*) from mig.step where step like 'expand/%'")" 0

say "Applied while the bot of version 1 writes"
while sleep 0.02; do
  sql -c "insert into sessions (\"phoneNumber\", \"lastActivity\") values ('+2348000007919', '2024-01-15 10:00+01')" \
      -c "insert into prescriptions (\"userId\", \"fileUrl\") values (1, 'https://files.example.com/rx/new')" \
      -c "update orders set status = 'paid' where id = 10" && echo written || echo refused
done >"$work/bot.log" 2>&1 &
bot=$!
exits 8 mig apply --yes
until [ "$(wc -l <"$work/bot.log")" -ge 3 ]; do sleep 0.1; done
kill "$bot" && { wait "$bot" 2>/dev/null || true; }
bot=
is "writes of the bot that were refused" "$(grep -vc '^written$' "$work/bot.log" || true)" 0
is_state prescriptions_v2 expanded
is "columns as the file says" "$(ask "select string_agg(attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end,
    ', ' order by attnum)
  from pg_attribute where attrelid = 'prescriptions'::regclass and attname like 'extract%'")" \
  "extractedText text, extractionStatus extraction_status not null, extractedAt timestamp with time zone"
is "indexes that were built and are valid" "$(ask "select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indisvalid and not i.indisprimary and not i.indisunique and c.relname like '%idx'
    and i.indrelid in ('prescriptions'::regclass, 'sessions'::regclass, 'orders'::regclass, 'appointments'::regclass)")" 6
state expanded

say "Version 2 is tried, and forgot to mark a prescription that it read: the rows against it are shown"
sql -c "update prescriptions set \"extractedText\" = 'amoxicillin 500 mg' where id in (7, 11)" \
    -c "update prescriptions set \"extractionStatus\" = 'extracted', \"extractedAt\" = now() where id = 7" \
    -c "update prescriptions set \"extractionStatus\" = 'failed' where id = 12"
exits 1 mig apply --yes --approve=version_2_tried
sql -c "update prescriptions set \"extractionStatus\" = 'extracted' where id = 11"
exits 0 mig apply --yes
is_state prescriptions_v2 verified

say "Cron goes no further by itself, a person approves, and a day must pass"
exits 0 mig apply --yes
is_state prescriptions_v2 verified
exits 3 mig apply prescriptions_v2 --approve --yes
exits 3 mig apply --yes
is_state prescriptions_v2 verified
state verified
expired=$(ask "select count(*) from sessions where \"expiresAt\" < '2023-12-01 00:00+00' and state = 'EXPIRED'")
all=$(ask "select count(*) from sessions")
pass '25 hours'
exits 0 mig apply --yes
is_state prescriptions_v2 contracted
is "expired sessions that went" "$((all - $(ask "select count(*) from sessions")))" "$expired"

say "Back, with what was written since"
sql -c "insert into sessions (\"phoneNumber\", state, \"lastActivity\") values ('+2348000015838', 'NEW', '2024-01-16 09:00+01')"
exits 0 mig rollback prescriptions_v2 --yes
is_state prescriptions_v2 verified
sql -c "delete from sessions where \"lastActivity\" = '2024-01-16 09:00+01'"
state back
same "all rows before contract and after its way back" "$work/verified.rows" "$work/back.rows"
sql -c "delete from sessions where id > 14000" -c "delete from prescriptions where id > 12000"
state used
exits 0 mig rollback prescriptions_v2 --to pending --yes
state again
same "the catalog before all of it, the enum included" "$work/before.json" "$work/again.json"
same "rows of the shape before all of it" <(grep -v '^orders ' "$work/before.rows") <(grep -v '^orders ' "$work/again.rows")

say "Forward again: what version 2 wrote is there"
exits 8 mig apply --yes
state forward
same "the catalog after the first apply and this one" "$work/expanded.json" "$work/forward.json"
same "all rows, with what was read and marked" "$work/used.rows" "$work/forward.rows"

say "The same without mig: psql stops where a person must answer"
ask 'create database by_psql'
url=${url/\/postgres?/\/by_psql?}
sql -f baseline.sql
sql -c analyze
run mig compile --url "$url" --catalog live --out "$work/build"
up=$work/build/prescriptions_v2/up.sql
exits 3 psql -qX -v ON_ERROR_STOP=1 -d "$url" -f "$up"
state by_psql
same "the catalog made by psql and by mig" "$work/expanded.json" "$work/by_psql.json"
exits 0 psql -qX -v ON_ERROR_STOP=1 -v approve=version_2_tried -d "$url" -f "$up"
is "state by psql" "$(ask "select state from mig.migration")" verified

say "The log of it"
run mig status --log

say "drugs_ng: all of it held"
