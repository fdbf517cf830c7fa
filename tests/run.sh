#!/usr/bin/env bash
# Builds everything and runs all tests; prints the ten slowest suites and the closing line of the test runner.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
build_mig all
cd "$build"
report=$(mktemp); trap 'rm -f "$report"' EXIT
status=0
ctest --output-on-failure -j "$(nproc)" --timeout 600 "$@" 2>&1 | tee "$report" || status=$?
echo
echo "sampled suites: seed, cases run, cases skipped"
grep -aE '(: seed |^cells: |^cells not run: )' Testing/Temporary/LastTest.log | sort -u | sed 's/^/  /' || true
echo
echo "ten slowest suites (seconds)"
grep -E '^ *[0-9]+/[0-9]+ Test ' "$report" | awk '{ for (i = 1; i < NF; i++) if ($(i) ~ /^[0-9.]+$/ && $(i + 1) == "sec") t = $i; print t, $4 }' |
  sort -rn | head -10 | awk '{ printf "  %7.2f  %s\n", $1, $2 }'
grep -E 'tests passed|tests failed' "$report" | tail -1
exit "$status"
