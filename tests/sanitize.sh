#!/usr/bin/env bash
# Builds with AddressSanitizer and UndefinedBehaviorSanitizer and runs the suites under them.
# usage: tests/sanitize.sh [--sample] [SUITE…]     --sample: the front end, the plan and a run on a server
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
build=$root/build/asan preset=asan
install_packages
suites=()
if [ "${1:-}" = --sample ]; then
  shift
  suites=(syntax_test compile_test executor_test)
fi
suites+=("$@")
# libpqxx and libpg_query keep a few blocks for the life of the process; what mig allocates must all be given back.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
export MIG_CRASH_POINTS=${MIG_CRASH_POINTS:-2}
chosen=()
if [ ${#suites[@]} -eq 0 ]; then
  build_mig all
else
  build_mig mig "${suites[@]}"
  chosen=(-R "^($(IFS='|'; echo "${suites[*]}"))\$")
fi
cd "$build"
status=0
ctest --output-on-failure -j "$(nproc)" --timeout 3600 "${chosen[@]}" || status=$?
echo "sanitized: seed none, ${suites[*]:-all suites} run, 0 skipped"
exit "$status"
