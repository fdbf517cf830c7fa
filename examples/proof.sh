# Sourced by each example's run.sh: a copy of its folder with a private PostgreSQL, and comparisons that stop at the
# first difference. Sets $work (a scratch folder), $url (the sandbox's database) and changes into the copy.
set -euo pipefail
example=$(basename "$(dirname "$(realpath "$0")")")
work=$(mktemp -d)
tidy() { :; } # an example that leaves something running says here how it ends
finish() {
  tidy
  (cd "$work/$example" 2>/dev/null && mig sandbox --reset >/dev/null 2>&1) || true
  rm -rf "$work"
}
trap finish EXIT
cp -r "$(dirname "$(realpath "$0")")" "$work/$example"
cd "$work/$example"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
sql() { psql -qX -v ON_ERROR_STOP=1 -d "$url" "$@"; }
ask() { sql -At -c "$1"; }
start() { # a server with the baseline
  say "A private PostgreSQL with the application's schema and rows"
  url=$(mig sandbox)
  sql -f baseline.sql
  sql -c analyze
}

exits() { # code, command…: it must end with this exit code
  local code=$1 found=0
  shift
  run "$@" || found=$?
  [ "$found" = "$code" ] || { echo "exit $found instead of $code: $*" >&2; exit 1; }
  [ "$code" = 0 ] || echo "exit $code"
}
is() { # what, found, expected
  [ "$2" = "$3" ] || { echo "DIFFERENT: $1: $2 instead of $3" >&2; exit 1; }
  echo "$1: $2"
}
same() { # what, file, file
  if diff -u "$2" "$3"; then echo "equal: $1"; else echo "DIFFERENT: $1" >&2; exit 1; fi
}
is_state() { is "state of $1" "$(mig status "$1" --format json | sed -n 's/^ *"state": "\(.*\)",*$/\1/p' | head -1)" "$2"; }

# One line per table: rows and an order-free sum of row hashes over the columns that the application sees.
rows_of() {
  local table columns
  ask "select c.oid::regclass from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1" |
    while read -r table; do
      columns=$(ask "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                     where attrelid = '$table'::regclass and attnum > 0 and not attisdropped and attname not like '\_mig\_%'")
      ask "select '$table ' || count(*) || ' ' || coalesce(sum(('x' || substr(md5(r::text), 1, 15))::bit(60)::bigint::numeric), 0)
           from (select $columns from $table) as r"
    done
}
state() { # remembers catalog and rows under a name; the server's facts and the journal's rows are not the schema's
  mig snapshot --url "$url" "$work/$1.snapshot" >/dev/null 2>&1
  grep -vE '^\{"(mig_snapshot|migration)":' "$work/$1.snapshot" >"$work/$1.json"
  rows_of >"$work/$1.rows"
}

# Nothing in mig knows another clock: days pass by moving what it wrote down into the past.
pass() {
  local column
  for column in migration.since kept.since kept.until approval.at run.started run.ended step.started step.ended event.at; do
    sql -c "update mig.${column%.*} set ${column#*.} = ${column#*.} - interval '$1'"
  done
  say "$1 later"
}
