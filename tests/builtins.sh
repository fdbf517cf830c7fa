#!/usr/bin/env bash
# Writes compiler/types/builtins.def: PostgreSQL's own types, functions, operators, casts and relations, of 13 to 18, each
# with the versions that have it. The same servers give the same bytes.
# usage: tests/builtins.sh        (servers as tests/versions.sh finds them)
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
servers=${MIG_TEST_SERVERS:-$("$root/tests/versions.sh" --servers-only)}
work=$(mktemp -d /tmp/mig-builtins-XXXXXX)
chmod 755 "$work"
running=
finish() {
  [ -z "$running" ] || as_owner "$running/bin/pg_ctl" -D "$data/data" -m immediate -w -s stop
  rm -rf "$work"
}
trap finish EXIT

as_owner() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups --reset-env env PATH="$PATH" LC_ALL=C HOME="$work" "$@"
  else
    env LC_ALL=C "$@"
  fi
}

# One line for each row: MACRO<tab>arguments. Types made by initdb have other numbers in each version: they are written
# as @schema.name, and numbered from 10000 on in the order of their names.
queries() { # major
  local subscript="t.typsubscript = 'array_subscript_handler'::regproc" multirange=r.rngmultitypid
  [ "$1" -ge 14 ] || subscript="t.typlen = -1 AND t.typelem <> 0" multirange=0
  cat <<SQL
SET search_path = pg_catalog;
CREATE FUNCTION pg_temp.t(oid) RETURNS text LANGUAGE sql STABLE AS \$\$
  SELECT CASE WHEN \$1 < 10000 THEN \$1::text
              ELSE (SELECT '@' || n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                    WHERE t.oid = \$1) END \$\$;
CREATE FUNCTION pg_temp.ts(oid[]) RETURNS text LANGUAGE sql STABLE AS \$\$
  SELECT coalesce(string_agg(pg_temp.t(x), ' ' ORDER BY k), '') FROM unnest(\$1) WITH ORDINALITY u(x, k) \$\$;
CREATE FUNCTION pg_temp.q(text) RETURNS text LANGUAGE sql STABLE AS \$\$
  SELECT '"' || replace(replace(\$1, '\', '\\'), '"', '\"') || '"' \$\$;
SELECT concat_ws(', ', 'TYPE	' || pg_temp.t(t.oid), pg_temp.q(n.nspname), pg_temp.q(t.typname), quote_literal(t.typtype::text),
    quote_literal(t.typcategory::text), t.typispreferred::text, pg_temp.t(t.typelem), pg_temp.t(t.typarray),
    pg_temp.t(t.typbasetype), t.typtypmod, t.typcollation, ($subscript)::text, (t.typrelid <> 0)::text,
    (t.typmodin <> 0)::text, (SELECT p.proisstrict::text FROM pg_proc p WHERE p.oid = t.typinput))
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname IN ('pg_catalog', 'information_schema');
SELECT concat_ws(', ', 'FUNCTION	' || CASE WHEN p.oid < 10000 THEN p.oid ELSE 0 END, pg_temp.q(n.nspname), pg_temp.q(p.proname),
    quote_literal(p.prokind::text), pg_temp.q(pg_temp.ts(p.proargtypes::oid[])), pg_temp.t(p.prorettype), p.proretset::text,
    pg_temp.t(p.provariadic), p.pronargdefaults, p.proisstrict::text, quote_literal(p.provolatile::text),
    pg_temp.q(coalesce((SELECT string_agg(p.proargnames[k], ',' ORDER BY k) FROM generate_series(1, cardinality(p.proargnames)) k
      WHERE coalesce(p.proargmodes[k], 'i') IN ('i', 'b', 'v')), '')),
    pg_temp.q(coalesce((SELECT string_agg(coalesce(p.proargnames[k], '') || ' ' || pg_temp.t(p.proallargtypes[k]), ',' ORDER BY k)
      FROM generate_series(1, cardinality(p.proallargtypes)) k WHERE p.proargmodes[k] IN ('o', 'b', 't')), '')),
    quote_literal(coalesce((SELECT a.aggkind::text FROM pg_aggregate a WHERE a.aggfnoid = p.oid), ' ')),
    coalesce((SELECT a.aggnumdirectargs FROM pg_aggregate a WHERE a.aggfnoid = p.oid), 0))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('pg_catalog', 'information_schema');
SELECT concat_ws(', ', 'OPERATOR	' || o.oid, pg_temp.q(o.oprname), pg_temp.t(o.oprleft), pg_temp.t(o.oprright), pg_temp.t(o.oprresult),
    o.oprcode::oid, o.oprnegate)
  FROM pg_operator o WHERE o.oid < 10000 AND o.oprkind <> 'r';
SELECT concat_ws(', ', 'CAST	' || pg_temp.t(c.castsource), pg_temp.t(c.casttarget), c.castfunc, quote_literal(c.castcontext::text), quote_literal(c.castmethod::text))
  FROM pg_cast c;
SELECT concat_ws(', ', 'RANGE	' || r.rngtypid, r.rngsubtype, $multirange) FROM pg_range r;
SELECT concat_ws(', ', 'OPCLASS	' || pg_temp.q(a.amname), pg_temp.t(c.opcintype), f.oid)
  FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily
  WHERE c.opcdefault AND a.amname IN ('btree', 'hash') AND c.oid < 16384 AND f.oid < 10000;
SELECT concat_ws(', ', 'ORDERING	' || o.amopopr, o.amopfamily, o.amopstrategy, pg_temp.t(o.amoplefttype), pg_temp.t(o.amoprighttype))
  FROM pg_amop o JOIN pg_am a ON a.oid = o.amopmethod WHERE a.amname = 'btree' AND o.amopopr < 10000;
SELECT concat_ws(', ', 'RELATION	' || pg_temp.t(c.reltype), pg_temp.q(n.nspname), pg_temp.q(c.relname),
    pg_temp.q((SELECT string_agg(a.attname || ' ' || pg_temp.t(a.atttypid) || CASE WHEN a.atttypmod < 0 THEN '' ELSE ' ' || a.atttypmod END
      || CASE WHEN a.attcollation <> y.typcollation THEN ' c' || a.attcollation ELSE '' END || CASE WHEN a.attnotnull THEN ' !' ELSE '' END
      || CASE WHEN a.attnum = ANY (SELECT unnest(k.conkey) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') THEN ' #' ELSE '' END, ',' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v');
SELECT concat_ws(', ', 'COLLATION	' || o.oid, pg_temp.q(o.collname), o.collisdeterministic::text) FROM pg_collation o
  WHERE o.oid < 10000;
SQL
}

IFS=: read -r -a list <<<"$servers"
for server in "${list[@]}"; do
  data=$(mktemp -d "$work/s-XXXXXX")
  [ "$(id -u)" != 0 ] || chown postgres: "$data"
  as_owner "$server/bin/initdb" -D "$data/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
  as_owner "$server/bin/pg_ctl" -D "$data/data" -l "$data/log" -w -s \
    -o "-c listen_addresses='' -c unix_socket_directories='$data' -c fsync=off" start
  running=$server
  major=$(psql -h "$data" -U postgres -XAtc "SELECT current_setting('server_version_num')::int / 10000" postgres)
  queries "$major" | psql -h "$data" -U postgres -XAtq -v ON_ERROR_STOP=1 postgres |
    sed "s/^/$major	/" >"$work/$major.rows"
  as_owner "$server/bin/pg_ctl" -D "$data/data" -m immediate -w -s stop
  running=
done

{
  cat <<'HEAD'
// PostgreSQL's own types, functions, operators, casts and relations of 13 to 18. Written by tests/builtins.sh; do not edit.
// The first argument of each line tells which versions have it: bit 0 is 13. Types that initdb numbers stand from 10000 on
// in the order of their names. What the other arguments are, builtins.cpp says.
// clang-format off
HEAD
  LC_ALL=C awk -F'\t' '
    { key = $2 "\t" $3; if (!(key in mask)) { order[++n] = key; kind[key] = $2 } mask[key] += 2 ^ ($1 - 13)
      if ($2 == "TYPE" && match($3, /^@[^,]*/)) names[substr($3, RSTART, RLENGTH)] = 1 }
    END {
      count = 0
      for (name in names) sorted[++count] = name
      for (i = 2; i <= count; ++i) { x = sorted[i]; for (j = i - 1; j > 0 && sorted[j] > x; --j) sorted[j + 1] = sorted[j]; sorted[j + 1] = x }
      for (i = 1; i <= count; ++i) number[sorted[i]] = 9999 + i
      for (i = 1; i <= n; ++i) {
        rest = substr(order[i], length(kind[order[i]]) + 2); out = ""
        while (match(rest, /@[a-z_]+\.[A-Za-z0-9_]+/)) {
          out = out substr(rest, 1, RSTART - 1) number[substr(rest, RSTART, RLENGTH)]; rest = substr(rest, RSTART + RLENGTH)
        }
        print "MIG_" kind[order[i]] "(" mask[order[i]] ", " out rest ")"
      }
    }' "$work"/1[3-8].rows | LC_ALL=C sort -t'(' -k1,1 -s | LC_ALL=C awk -F'(' '{ n = $2; sub(/^[0-9]+, /, "", n); print $1 "\t" n "\t" $0 }' |
    LC_ALL=C sort -t'	' -k1,1 -k2,2V -k3,3 | cut -f3
} >"$root/compiler/types/builtins.def"
wc -lc "$root/compiler/types/builtins.def" >&2
