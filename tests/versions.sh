#!/usr/bin/env bash
# Runs the suites that depend on the server's version on PostgreSQL 13 to 18.
# Servers: MIG_TEST_SERVERS=dir:dir (directories with bin/), else Debian's own and pinned packages of the npm registry
# (tests/versions/package-lock.json: integrity hashes).
# usage: tests/versions.sh [--servers-only] [SUITE…]
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

fetch_servers() { # prints dir:dir
  local home=${MIG_VERSIONS_DIR:-$root/build/versions} list=/usr/lib/postgresql/15
  mkdir -p "$home"
  cp "$root"/tests/versions/package*.json "$home"/
  # The packages' own scripts only make links and set modes: done here, so that nothing fetched is executed by npm.
  if [ ! -e "$home/node_modules/pg18/native/bin/postgres" ]; then
    (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund >&2)
  fi
  for package in "$home"/node_modules/pg1[3-8]; do
    if [ ! -e "$package/native/.linked" ]; then
      node -e '
        const fs = require("fs"), path = require("path"), root = process.argv[1];
        for (const { source, target } of JSON.parse(fs.readFileSync(path.join(root, "native/pg-symlinks.json")))) {
          const link = path.join(root, target);
          fs.rmSync(link, { force: true });
          fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
        }' "$package"
      chmod 755 "$package"/native/bin/*
      chmod -R a+rX "$package"
      touch "$package/native/.linked"
    fi
    list+=:$package/native
  done
  echo "$list"
}

servers_only=
[ "${1:-}" != --servers-only ] || { servers_only=1; shift; }
export MIG_TEST_SERVERS=${MIG_TEST_SERVERS:-$(fetch_servers)}
if [ -n "$servers_only" ]; then echo "$MIG_TEST_SERVERS"; exit 0; fi

install_packages
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(introspect_test law_test executor_test psql_test)
build_mig mig "${suites[@]}"
status=0
for suite in "${suites[@]}"; do
  echo "== $suite on ${MIG_TEST_SERVERS//:/ }"
  (cd "$root" && "$build/tests/$suite") || status=1
done
exit "$status"
