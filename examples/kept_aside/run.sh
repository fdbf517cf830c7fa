#!/usr/bin/env bash
# Two columns and a table are dropped, missed, brought back with all that hung on them, dropped again and destroyed when
# their week is over; a cron job calls mig all the time and never does any of it by itself. Every claim is compared.
. "$(dirname "$(realpath "$0")")/../proof.sh"
start
is "rows" "$(ask 'select (select count(*) from customers) + (select count(*) from coupons) + (select count(*) from orders)')" 20000
state before
cron() { # what a job calls each hour
  mig apply --yes >"$work/cron.log" 2>&1 || [ $? -eq 3 ] || { cat "$work/cron.log"; exit 1; }
}
shape() { ask "select string_agg(table_name || '.' || column_name, ' ' order by table_name, column_name) from information_schema.columns
  where table_schema = 'public' and column_name in ('fax', 'coupon_id', 'code')"; }
kept() { ask "select coalesce(string_agg(state || ' ' || n, ', ' order by state), 'nothing')
  from (select state, count(*) as n from mig.kept group by state) k"; }

say "The plan says what is kept, for how long, and what purge destroys"
run mig plan
exits 0 mig apply --yes
is_state coupons_go verified
state verified

say "Cron calls for three days: nobody approved, so nothing is dropped"
for day in 1 2 3; do pass '1 day' >/dev/null; cron; done
is_state coupons_go verified
is "what is still there" "$(shape)" "coupons.code customers.fax orders.coupon_id"

say "A person approves; its day is over long ago"
exits 0 mig apply coupons_go --approve --yes
is_state coupons_go contracted
is "what clients see of it" "$(shape)" ""
is "kept aside" "$(kept)" "kept 3"
run mig status
sql -c "insert into orders (customer_id, total, discount) values (1, 80, 8), (2, 5, 0)" \
    -c "insert into customers (name, email) values ('New one', 'new@example.com')"

say "Six days later coupons are missed: back to the moment before, with the orders that came meanwhile"
pass '6 days'
cron
exits 0 mig rollback coupons_go --dry-run
exits 0 mig rollback coupons_go --yes
is_state coupons_go verified
is "orders with a coupon" "$(ask 'select count(*) from orders join coupons on coupons.id = coupon_id')" 3000
is "orders in all" "$(ask 'select count(*) from orders')" 12002
sql -c "delete from orders where id > 12000" -c "delete from customers where id > 6000"
state back
same "the catalog before contract and after its way back: keys, checks, indexes, comments" "$work/verified.json" "$work/back.json"
same "all rows before contract and after its way back" "$work/verified.rows" "$work/back.rows"

say "The way back took the approval with it: cron does not drop again"
pass '2 days'
cron
is_state coupons_go verified
exits 0 mig apply coupons_go --approve --yes
is_state coupons_go contracted
state contracted

say "Purge waits for the week, also when it is asked for; cron never asks"
pass '6 days'
exits 3 mig apply coupons_go --through purge --yes
pass '25 hours'
for hour in 1 2 3; do cron; done
is_state coupons_go contracted
is "kept aside" "$(kept)" "kept 3, returned 3"
exits 0 mig apply coupons_go --through purge --yes
is_state coupons_go done
is "kept aside" "$(kept)" "purged 3, returned 3"
is "schemas and columns that held it" "$(ask "select (select count(*) from pg_namespace where nspname like 'mig\_park%')
  + (select count(*) from pg_attribute where attname like '\_mig\_%' and not attisdropped)")" 0
state purged
same "all rows that clients see, before purge and after" "$work/contracted.rows" "$work/purged.rows"

say "There is no way back behind it, and mig says so before it touches anything"
exits 8 mig rollback coupons_go --yes
state refused
same "all rows before that call and after" "$work/purged.rows" "$work/refused.rows"

say "kept_aside: all of it held"
