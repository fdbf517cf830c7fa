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
  sakila) # its migrations side by side
    sed -n 's/^migration \([a-z_]*\).*/sakila_\1/p' tests/cases/sakila/*.mig |
      MIG_CRASH_SUBJECT= xargs -P "$(nproc)" -I{} env MIG_CRASH_SUBJECT={} "$build/tests/sakila_test" "killed*"
    ;;
  sakila_*) exec "$build/tests/sakila_test" "killed*" ;;
  *) exec "$build/tests/crash_test" ;;
esac
