#!/usr/bin/env bash
# Runs every crash point of every example, or those of one (sakila: of the project on ../shared/data/sakila): minutes,
# not seconds. MIG_CRASH_ONLY=LAW:PLACE:NUMBER runs one point again, as a failure prints it.
# usage: tests/crash.sh [EXAMPLE]
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
build_mig crash_test sakila_test
cd "$root"
export MIG_CRASH_POINTS=${MIG_CRASH_POINTS:-all} MIG_CRASH_SUBJECT=${1:-}
case ${1:-} in
  sakila) exec "$build/tests/sakila_test" ;;
  *) exec "$build/tests/crash_test" ;;
esac
