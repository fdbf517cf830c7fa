#!/usr/bin/env bash
# Builds with AddressSanitizer and UndefinedBehaviorSanitizer and runs the suites under them.
# usage: tests/sanitize.sh [--sample] [SUITE…]     --sample: the suites that read what strangers write
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
build=$root/build/asan
preset=asan
suites=()
if [ "${1:-}" = --sample ]; then
  shift
  suites=(syntax_test format_test sql_parse_test plan_test catalog_test)
fi
suites+=("$@")
# libpqxx and libpg_query keep a few blocks for the life of the process; what mig allocates must all be given back.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
if [ ${#suites[@]} -eq 0 ]; then
  build_mig all
  cd "$build" && ctest --output-on-failure -j "$(nproc)" --timeout 1800
else
  build_mig mig "${suites[@]}"
  cd "$build" && ctest --output-on-failure -j "$(nproc)" --timeout 1800 -R "^($(IFS='|'; echo "${suites[*]}"))\$"
fi
