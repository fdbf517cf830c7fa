#!/usr/bin/env bash
# Compares the resolver of types with servers: operators, functions, calls, trees, queries; what differs is printed.
# Without --exhaustive: the sample that runs with all tests. SEED=… repeats a run.
# usage: tests/typing.sh [--exhaustive] [--all-versions]
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
versions=
for option in "$@"; do
  case $option in
    --exhaustive) export MIG_TYPING=exhaustive ;;
    --all-versions) versions=1 ;;
    *) echo "typing.sh: unknown option $option" >&2; exit 64 ;;
  esac
done
[ -z "${SEED:-}" ] || export MIG_TYPING_SEED=$SEED
servers=${MIG_TEST_SERVERS:-/usr/lib/postgresql/15}
[ -z "$versions" ] || servers=$("$root/tests/versions.sh" --servers-only)
install_packages
build_mig typing_test
status=0
IFS=: read -r -a list <<<"$servers"
for server in "${list[@]}"; do
  (cd "$root" && MIG_TEST_SERVERS=$server "$build/tests/typing_test") || status=1
done
exit "$status"
